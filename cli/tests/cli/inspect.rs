//! Output of `elman inspect`.

use super::{directory, done, file, golden, onnx, said};
use elman::cell::{FullRank, LowRank};
use elman::image::{Architecture, Image, PROBE, Section, Tag, VOCABULARY, stream_described};
use elman::{Dense, FastGrnn, Gru, Libm, Mgu, Network, Stacked, Zero};

/// Returns the line of the output that begins with `name`, without the name.
#[track_caller]
fn line<'a>(out: &'a str, name: &str) -> &'a str {
    let found = out.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    found.unwrap_or_else(|| panic!("no {name}:\n{out}")).trim_start()
}

#[test]
fn an_image_with_what_it_carries() {
    let out = done(&["inspect", &file("../firmware-example/models/vowels.elman"), "--steps", "64"]);
    assert_eq!(line(&out, "network"), "f32 network(elman(12,32,1,tanh),dense(32,9))");
    assert_eq!(line(&out, "type"), "elman::Network<elman::Elman<12, 32, elman::Libm, 1>, elman::Dense<32, 9>>");
    assert_eq!(line(&out, "parameters"), "1737");
    assert_eq!(line(&out, "weights"), "6948 bytes");
    assert_eq!(line(&out, "state"), "128 bytes a stream");
    assert_eq!(line(&out, "multiply-adds"), "1696 a step");
    assert_eq!(line(&out, "activations"), "32 a step");
    assert_eq!(line(&out, "normaliser"), "12 channels");
    assert!(line(&out, "probe").contains(" steps: passes in f64 (largest error "), "{out}");
}

#[test]
fn the_bytes_of_training() {
    let (_, out, _) = said(&["inspect", &golden("gru_i3h5t7_h0_lab"), "--steps", "100"]);
    // 174 weights; 100 records of 25, a state of 5 and 7 other words; two states and 24 words for the job; 3 words for
    // the batch and, if there is a gradient, one for the number of updates.
    let (weights, work) = (4 * 174, 4 * (100 * 25 + 5 + 7) + 4 * (2 * 5 + 24));
    let full = [weights + work + 12, 2 * weights + work + 16, 3 * weights + work + 16, 4 * weights + work + 16];
    let columns: Vec<usize> = line(&out, "  full").split_whitespace().map(|bytes| bytes.parse().unwrap()).collect();
    assert_eq!(columns, full);
    assert!(line(&out, "  25 of 4").starts_with('-'), "{out}");
    let out = done(&["inspect", &onnx("lstm_bi_export")]);
    assert!(out.ends_with("a bidirectional network cannot be checkpointed\n"), "{out}");
    let out = done(&["inspect", &onnx("lstm_l2_export"), "--steps", "1"]);
    assert!(!out.contains("checkpointed"), "one step is one segment: {out}");
}

struct Raw(Tag, Vec<u8>);

impl Section<f32> for Raw {
    fn tag(&self) -> Tag {
        self.0
    }
    fn write(&self, sink: &mut dyn FnMut(&[u8])) {
        sink(&self.1);
    }
}

/// Writes an image whose weights are all zero, with these sections; returns its path.
fn image(name: &str, description: &str, weights: usize, sections: &[&dyn Section<f32>]) -> String {
    let path = directory("inspect").join(name);
    let mut bytes = Vec::new();
    let zeros = |sink: &mut dyn FnMut(&[u8])| sink(&vec![0; 4 * weights]);
    stream_described(description, &zeros, sections, &mut |piece| bytes.extend_from_slice(piece)).unwrap();
    std::fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_string()
}

/// Returns a probe with one step of one input, and one output.
fn probe(words: [f32; 2], input: &[u8]) -> Raw {
    let numbers = words.map(f32::to_le_bytes).concat();
    Raw(PROBE, [&[1, 0, 0, 0, 1, 0, 0, 0][..], &numbers, input].concat())
}

#[test]
fn a_probe_that_fails_is_a_failure() {
    let description = "f32 network(elman(1,1,0,tanh),dense(1,1))";
    let vocabulary = Raw(VOCABULARY, [&[1, 0, 0, 0, 2, 0][..], b"no"].concat());
    let inspect = |name: &str, probe: Raw| said(&["inspect", &image(name, description, 4, &[&vocabulary, &probe])]);
    let (code, out, err) = inspect("passes.elman", probe([0.5, 0.25], &[0; 4]));
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert_eq!(line(&out, "vocabulary"), "1 words and four special tokens");
    assert_eq!(line(&out, "probe"), "1 steps: passes in f64 (largest error 2.5e-1, allowed 5.0e-1)");
    let (code, out, err) = inspect("fails.elman", probe([0.5, 1.0], &[0; 4]));
    assert_eq!(code, Some(1));
    assert!(line(&out, "probe").contains("fails in f64"), "{out}");
    assert!(err.ends_with("fails.elman: the network does not give the outputs that the probe expects\n"), "{err}");
    for (words, input, what) in [
        ([0.5, f32::NAN], 0.0, "the probe expects NaN or infinity as output 0"),
        ([f32::INFINITY, 0.0], 0.0, "the tolerance of the probe must be a finite number, 0 or above"),
        ([-1.0, 0.0], 0.0, "the tolerance of the probe must be a finite number, 0 or above"),
        ([0.5, 0.0], f32::INFINITY, "the input of the probe at step 0 is NaN or infinite"),
    ] {
        let (code, _, err) = inspect("cannot.elman", probe(words, &input.to_le_bytes()));
        assert_eq!(code, Some(1));
        assert!(err.ends_with(&format!("cannot.elman: {what}\n")), "{err}");
    }
    // A symbol below the number of inputs is one-hot; this network cannot read the other inputs.
    let (code, ..) = inspect("symbol.elman", probe([0.5, 0.0], &[0, 0]));
    assert_eq!(code, Some(0));
    for strange in [&[1, 0][..], &[0; 3], &[0; 8], &[]] {
        let (code, _, err) = inspect("strange.elman", probe([0.5, 0.0], strange));
        assert_eq!(code, Some(1));
        assert!(err.ends_with("the probe does not belong to this network\n"), "{err}");
    }
}

#[test]
fn an_image_of_another_architecture_is_told_as_far_as_it_is_known() {
    type Net = Network<Gru<3, 5, Libm<f64>>, Dense<5, 2, f64>>;
    let path = directory("inspect").join("exact.elman");
    let mut bytes = vec![0; Image::<Net>::length(&[&elman::Normalizer::<3, f64>::IDENTITY])];
    Image::<Net>::write(&Net::ZERO, &[&elman::Normalizer::<3, f64>::IDENTITY], &mut bytes).unwrap();
    std::fs::write(&path, bytes).unwrap();
    let out = done(&["inspect", path.to_str().unwrap()]);
    assert_eq!(line(&out, "network"), "f64 network(gru(3,5,2,rzn,reset_after,tanh),dense(5,2))");
    assert!(line(&out, "costs").starts_with("unknown for this architecture"), "{out}");
    assert_eq!(line(&out, "normaliser"), "3 channels");
    assert_eq!(line(&out, "probe"), "none");
    assert!(!out.contains("\ntype") && !out.contains("training"), "{out}");
}

/// Returns the output of `inspect` for an image of a network of type `N`.
fn inspected<N: Architecture + Zero>(name: &str) -> String {
    let path = directory("inspect").join(name);
    let mut bytes = vec![0; Image::<N>::BYTES];
    Image::<N>::write(&N::ZERO, &[], &mut bytes).unwrap();
    std::fs::write(&path, bytes).unwrap();
    done(&["inspect", path.to_str().unwrap()])
}

#[test]
fn cells_that_no_import_has_are_told_with_their_sizes() {
    let out = inspected::<Network<Mgu<3, 5>, Dense<5, 2>>>("mgu.elman");
    assert_eq!(line(&out, "network"), "f32 network(mgu(3,5,1,fn),dense(5,2))");
    assert_eq!((line(&out, "parameters"), line(&out, "weights")), ("102", "408 bytes"));
    assert_eq!(line(&out, "type"), "elman::Network<elman::Mgu<3, 5, elman::Libm, 1>, elman::Dense<5, 2>>");
    assert_eq!((line(&out, "multiply-adds"), line(&out, "activations")), ("90 a step", "10 a step"));
    let out = inspected::<Network<FastGrnn<3, 5, Libm, FullRank, LowRank<2>>, Dense<5, 2>>>("low.elman");
    assert_eq!(line(&out, "network"), "f32 network(fastgrnn(3,5,zn,full,low_rank(2)),dense(5,2))");
    assert_eq!((line(&out, "parameters"), line(&out, "multiply-adds")), ("59", "45 a step"));
    assert_eq!((line(&out, "state"), line(&out, "activations")), ("20 bytes a stream", "12 a step"));
    type Fast = Stacked<FastGrnn<3, 5, Libm<f64>>, FastGrnn<5, 4, Libm<f64>, FullRank, LowRank<2>>>;
    let out = inspected::<Network<Fast, Dense<4, 2, f64>>>("fastgrnn.elman");
    let parts = "stacked(fastgrnn(3,5,zn,full,full),fastgrnn(5,4,zn,full,low_rank(2)))";
    assert_eq!(line(&out, "network"), format!("f64 network({parts},dense(4,2))"));
    assert_eq!((line(&out, "parameters"), line(&out, "weights")), ("108", "864 bytes"));
}
