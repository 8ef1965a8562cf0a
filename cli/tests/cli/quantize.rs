//! `elman quantize`: the image, the module, the report, and what is refused.

use super::{directory, done, failed, file, said};
use elman::image::{Described, Image, NORMALIZER, PROBE, Section, Tag};
use elman::int8::{Calibration, PerGate, PerUnit};
use elman::{Dense, Embedding, Gru, Libm, Mgu, Network, Normalizer, Stacked, Xoshiro128, Zero, init};
use elman::{Parameters, image::Architecture};
use std::fs;

type Net = Network<Gru<2, 5>, Dense<5, 3>>;

const NORMALIZED: Normalizer<2> = Normalizer { mean: [0.5, -1.0], scale: [2.0, 0.25] };
/// Two sequences with their classes.
const TABLE: &str = "sequence,label,x,y\n\
    1,a,0.5,1\n1,a,-0.25,2\n1,a,1.5,-3\n\
    2,c,0,0\n2,c,2,4.5\n";
const SEQUENCES: [&[[f32; 2]]; 2] = [&[[0.5, 1.0], [-0.25, 2.0], [1.5, -3.0]], &[[0.0, 0.0], [2.0, 4.5]]];

struct Note;

impl Section<f32> for Note {
    fn tag(&self) -> Tag {
        *b"note"
    }
    fn write(&self, sink: &mut dyn FnMut(&[u8])) {
        sink(b"hello");
    }
}

fn drawn<N: Zero + Parameters<Scalar = f32>>() -> N {
    let mut net = N::ZERO;
    init::uniform_fan::<Libm<f32>, _>(&mut net, &mut Xoshiro128::from_seed(7));
    net
}

/// Writes the image of a network; returns its path.
fn image<N: Architecture<Real = f32>>(name: &str, net: &N, sections: &[&dyn Section<f32>]) -> String {
    let mut bytes = vec![0; Image::<N>::length(sections)];
    Image::write(net, sections, &mut bytes).unwrap();
    written(name, &bytes)
}

fn written(name: &str, bytes: &[u8]) -> String {
    let path = directory("quantize").join(name);
    fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_string()
}

fn output(name: &str) -> String {
    directory("quantize").join(name).to_str().unwrap().to_string()
}

#[test]
fn the_weights_are_those_of_the_type() {
    let net = drawn::<Net>();
    let (model, table) = (image("net.elman", &net, &[&NORMALIZED, &Note]), written("table.csv", TABLE.as_bytes()));
    let mut calibration = Calibration::new(&net);
    for xs in SEQUENCES {
        calibration.observe(&xs.iter().map(|x| NORMALIZED.apply(x)).collect::<Vec<_>>()).unwrap();
    }
    let (mut gate, mut unit) = (Vec::new(), Vec::new());
    Image::stream(&calibration.quantize::<PerGate>().unwrap(), &[], &mut |b| gate.extend_from_slice(b)).unwrap();
    Image::stream(&calibration.quantize::<PerUnit>().unwrap(), &[], &mut |b| unit.extend_from_slice(b)).unwrap();
    for (options, expected, word) in
        [(vec![], &gate, "gate"), (vec!["--per-gate"], &gate, "gate"), (vec!["--per-unit"], &unit, "unit")]
    {
        let small = output("small.elman");
        let out = done(&[vec!["quantize", &model, &table, "-o", &small], options].concat());
        let bytes = fs::read(&small).unwrap();
        let (found, expected) = (Described::open(&bytes).unwrap(), Described::open(expected).unwrap());
        assert_eq!((found.description, found.weights), (expected.description, expected.weights));
        let before = fs::read(&model).unwrap();
        let before = Described::open(&before).unwrap();
        for tag in [NORMALIZER, *b"note"] {
            assert_eq!(found.section(tag), before.section(tag), "carried over");
        }
        assert!(found.section(PROBE).is_ok(), "a probe of its own");
        let network = format!("network       int8 network(gru(2,5,rzn,reset_after,{word}),dense(5,3,{word}))\n");
        assert!(out.starts_with(&network), "{out}");
        for line in [
            "normaliser    2 channels",
            "calibrated    on 2 sequences, 5 steps",
            "agreement     ",
            "accuracy      f32 ",
        ] {
            assert!(out.contains(&format!("\n{line}")), "{line}: {out}");
        }
        assert!(out.contains(" 0 of 10 clipped; outputs up to ") && out.contains("error: r "), "{out}");
        let inspected = done(&["inspect", &small]);
        assert!(
            inspected.contains("probe         8 steps: passes in whole numbers, with a device's bits"),
            "{inspected}"
        );
        assert!(
            inspected.starts_with(&network) && inspected.contains(" bytes, with biases and scales\n"),
            "{inspected}"
        );
        let module = fs::read_to_string(output("small.rs")).unwrap();
        assert!(module.starts_with("// Written by `elman quantize`: int8 network("), "{module}");
        assert!(module.contains("pub type Normalizer = elman::Normalizer<2>;"), "{module}");
        assert!(module.contains("elman::Network<elman::int8::Gru<2, 5, elman::int8::Per"), "{module}");
    }
}

#[test]
fn a_probe_of_other_bits_fails() {
    let (model, table) = (image("probed.elman", &drawn::<Net>(), &[]), written("probed.csv", TABLE.as_bytes()));
    let small = output("probed-small.elman");
    done(&["quantize", &model, &table, "-o", &small]);
    let mut bytes = fs::read(&small).unwrap();
    let probe = bytes.windows(4).position(|four| four == b"PROB").unwrap();
    bytes[probe + 8 + 12] ^= 1;
    let sum = host_crc(&bytes);
    bytes[28..32].copy_from_slice(&sum.to_le_bytes());
    let (code, out, err) = said(&["inspect", &written("wrong.elman", &bytes)]);
    assert_eq!(code, Some(1), "{out}");
    assert!(out.contains("8 steps: fails in whole numbers"), "{out}");
    assert!(err.contains("does not give the outputs that the probe expects"), "{err}");
    bytes[32] = 0x80;
    let sum = host_crc(&bytes);
    bytes[28..32].copy_from_slice(&sum.to_le_bytes());
    let error = failed(&["inspect", &written("wrong.elman", &bytes)]);
    assert!(error.contains("byte 32 of the image, in a tensor w_ih, is not a weight from -127 to 127"), "{error}");
}

/// CRC-32 of an image, computed bit by bit.
fn host_crc(image: &[u8]) -> u32 {
    let bit = |crc: u32| (crc >> 1) ^ (0xedb8_8320 * (crc & 1));
    let covered = image[..28].iter().chain(&image[32..]);
    !covered.fold(!0, |crc, &byte| (0..8).fold(crc ^ u32::from(byte), |crc, _| bit(crc)))
}

#[test]
fn data_without_labels_and_with_too_many_classes() {
    let model = image("labels.elman", &drawn::<Net>(), &[]);
    let small = output("labels-small.elman");
    let unlabelled = written("unlabelled.csv", b"x,y\n0.5,1\n2,3\n");
    let out = done(&["quantize", &model, &unlabelled, "-o", &small]);
    assert!(out.contains("\nagreement     ") && !out.contains("\naccuracy"), "{out}");
    let many = written("many.csv", b"sequence,label,x,y\n1,a,1,2\n2,b,1,2\n3,c,2,2\n4,d,0,1\n");
    let out = done(&["quantize", &model, &many, "-o", &small]);
    assert!(out.contains("\naccuracy      unknown: the data set has 4 classes, the network 3 outputs"), "{out}");
}

#[test]
fn what_cannot_be_quantized_is_refused() {
    let table = written("refused.csv", TABLE.as_bytes());
    let small = output("refused-small.elman");
    let refused = |model: &str, data: &str, says: &str| {
        let error = failed(&["quantize", model, data, "-o", &small]);
        assert!(error.contains(says), "{error}");
        assert!(!fs::exists(&small).unwrap(), "nothing is written");
    };
    let good = image("good.elman", &drawn::<Net>(), &[]);
    refused(
        &image("mgu.elman", &drawn::<Network<Mgu<2, 3>, Dense<3, 2>>>(), &[]),
        &table,
        "a minimal gated unit has no form",
    );
    type Tokens = Network<Stacked<Embedding<8, 2>, Gru<2, 3>>, Dense<3, 2>>;
    refused(&image("tokens.elman", &drawn::<Tokens>(), &[]), &table, "an embedding has no form in integers");
    let mut large = drawn::<Net>();
    large.cell.affine.w_ih[1][2][0] = 1e6;
    refused(&image("large.elman", &large, &[]), &table, "gate 2 of cell.w_ih are too large for 8 bits");
    let mut large = drawn::<Net>();
    large.cell.affine.b[0][1][4] = 17.0;
    refused(&image("bias.elman", &large, &[]), &table, "the bias of unit 4 of cell.b does not fit");
    refused(&good, &written("one.csv", b"x\n1\n2\n"), "a step has 1 values, but the network reads 2");
    refused(&good, &written("nan.csv", b"x,y\n1,nan\n"), "nan");
    refused(&good, &written("empty.csv", b"x,y\n"), "");
    let steep = Normalizer { mean: [0.0; 2], scale: [f32::MAX; 2] };
    refused(&image("steep.elman", &drawn::<Net>(), &[&steep]), &table, "is infinite when normalised");
    refused(&file("../README.md"), &table, "do not begin with an image");
    let quantized = output("twice.elman");
    done(&["quantize", &good, &table, "-o", &quantized]);
    refused(&quantized, &table, "in integers already");
    let error = failed(&["export", &quantized]);
    assert!(error.contains("only f32 networks"), "{error}");
}

#[test]
fn nothing_is_overwritten() {
    let (good, table) = (image("kept.elman", &drawn::<Net>(), &[]), written("kept.csv", TABLE.as_bytes()));
    for output in [&good, &table] {
        let (code, _, err) = said(&["quantize", &good, &table, "-o", output]);
        assert!(code == Some(2) && err.contains("overwrite"), "{err}");
    }
    written("foreign.rs", b"fn main() {}");
    let (code, _, err) = said(&["quantize", &good, &table, "-o", &output("foreign.elman")]);
    assert!(code == Some(2) && err.contains("not written by elman"), "{err}");
    let (code, _, err) = said(&["quantize", "-", "-", "-o", &output("x.elman")]);
    assert!(code == Some(2) && err.contains("standard input cannot be both"), "{err}");
}
