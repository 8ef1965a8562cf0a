//! Translation by the network's probabilities, the layout for teacher forcing, and training on pairs.

use elman::dense::Readout;
use elman::task::TeacherForced;
use elman::{
    Adam, Config, CrossEntropy, Dense, EncoderDecoder, Gru, Network, Random, Sampler, Side, Token, Trainer, Vocabulary,
    Workspace, Xoshiro128,
};
use host_tests::plain::{argmax, drawn, outputs, softmax};
use host_tests::tolerance::level;
use host_tests::{Noise, assert_close};

const V: usize = 7;
type Words = Vocabulary<V, 64>;
type Net = Network<EncoderDecoder<Gru<2, 8>, Gru<V, 8>>, Dense<8, V>>;
type Forced<const T: usize, const S: usize> = TeacherForced<[f32; 2], V, T, S>;

/// Generator that a greedy choice must not use.
struct Never;

impl Random for Never {
    fn next_u32(&mut self) -> u32 {
        panic!("a greedy choice draws nothing")
    }
}

/// Returns the tokens that `choose` picks from the logits after each step of the two cells, up to `<eos>` or `limit`
/// tokens.
fn by_hand(
    network: &Net,
    source: &[[f32; 2]],
    limit: usize,
    mut choose: impl FnMut(&[f32; V]) -> Token<V>,
) -> Vec<Token<V>> {
    use elman::Step;
    let mut state = [0.0; 8];
    source.iter().for_each(|x| network.cell.encoder.step(&mut state, x));
    let (mut last, mut written) = (Words::SOS, Vec::new());
    while written.len() < limit {
        network.cell.decoder.step(&mut state, &last);
        let mut logits = [0.0; V];
        network.readout.forward(&state, &mut logits);
        last = choose(&logits);
        if last == Words::EOS {
            break;
        }
        written.push(last);
    }
    written
}

fn translated(
    network: &Net,
    source: &[[f32; 2]],
    sampler: Sampler<f32>,
    rng: impl Random,
    limit: usize,
) -> Vec<Token<V>> {
    let tokens = network.translate(source, Words::MARKS, sampler, rng, limit).unwrap();
    assert_eq!(tokens.size_hint(), (0, Some(limit)));
    tokens.map(Result::unwrap).collect()
}

#[test]
fn greedy_tokens_are_the_most_probable() {
    let (mut ended, mut cut) = (0, 0);
    for seed in 0..20 {
        let network: Net = drawn(seed, 4.0);
        for (length, limit) in [(1, 0), (1, 1), (2, 5), (9, 30)] {
            let source = Noise(50 + seed).vectors(length);
            let want = by_hand(&network, &source, limit, argmax);
            assert_eq!(translated(&network, &source, Sampler::GREEDY, Never, limit), want, "{seed} {length} {limit}");
            if want.len() < limit { ended += 1 } else { cut += 1 }
        }
    }
    assert!(ended > 5 && cut > 5, "both ends are met: {ended} {cut}");
}

#[test]
fn sampled_tokens_are_the_samplers() {
    let network: Net = drawn(51, 2.0);
    let source = Noise(52).vectors(3);
    let mut lengths = Vec::new();
    for seed in 0..20 {
        let (mut a, mut b) = (Xoshiro128::from_seed(seed), Xoshiro128::from_seed(seed));
        let sampler = Sampler::temperature(1.0).unwrap();
        let want = by_hand(&network, &source, 50, |logits| sampler.sample::<elman::Libm<f32>, V>(logits, &mut a));
        assert_eq!(translated(&network, &source, sampler, &mut b, 50), want);
        assert_eq!(a, b, "the caller's generator went on as far");
        lengths.push(want.len());
    }
    assert!(lengths.iter().any(|&length| length != lengths[0]));
}

/// The text generated after a source and `<sos>` equals the translation.
#[test]
fn a_translation_goes_on_like_any_generation() {
    let network: Net = drawn(53, 4.0);
    let source = Noise(54).vectors(4);
    let layout = Forced::<5, 1>::new(&source, &[], Words::MARKS).unwrap();
    let generated = network.generate(layout.inputs(), Sampler::GREEDY, Never, 9, Some(Words::EOS)).unwrap();
    let generated: Vec<_> = generated.map(Result::unwrap).collect();
    assert_eq!(generated, translated(&network, &source, Sampler::GREEDY, Never, 9));
    assert!(!generated.is_empty());
}

#[test]
fn teacher_forcing_shows_each_token_after_the_one_before() {
    let [x, y] = [[0.5, 1.0], [-0.5, 2.0]];
    let [a, b] = [4, 6].map(|index| Token::<V>::new(index).unwrap());
    let pair = Forced::<5, 3>::new(&[x, y], &[a, b], Words::MARKS).unwrap();
    let target = [Words::SOS, a, b].map(Side::Target);
    assert_eq!(pair.inputs(), [&[Side::Source(x), Side::Source(y)][..], &target].concat());
    assert_eq!(pair.targets().0, [a, b, Words::EOS]);
    let shortest = Forced::<2, 1>::new(&[x], &[], Words::MARKS).unwrap();
    assert_eq!(shortest.inputs(), [Side::Source(x), Side::Target(Words::SOS)]);
    assert_eq!(shortest.targets().0, [Words::EOS]);
}

/// The loss is −ln P(target | source), by the chain rule.
#[test]
fn evaluation_is_the_probability_of_the_target() {
    let network: Net = drawn(55, 3.0);
    let mut noise = Noise(56);
    for length in [0, 1, 6] {
        let (source, target) = (noise.vectors(4), noise.classes(length));
        let pair = Forced::<11, 7>::new(&source, &target, Words::MARKS).unwrap();
        let loss = network.evaluate(&CrossEntropy, pair.inputs(), pair.targets()).unwrap();
        let all = outputs(&network, pair.inputs());
        let next = target.iter().chain([&Words::EOS]);
        let sum: f64 = all[4..].iter().zip(next).map(|(logits, y)| -softmax(logits)[y.index()].ln()).sum();
        assert_close("−ln P", &[loss], &[sum], level::<f32>().loss);
    }
}

/// A source of one vector is translated into a sequence; the three sequences differ in length.
#[test]
fn a_few_pairs_are_learned() {
    let pairs: [([f32; 2], &[usize]); 3] = [([1.0, 0.0], &[4]), ([0.0, 1.0], &[5, 6, 5]), ([1.0, 1.0], &[])];
    let pairs = pairs.map(|(x, y)| (x, y.iter().map(|&y| Token::<V>::new(y).unwrap()).collect::<Vec<_>>()));
    let mut network: Net = drawn(57, 1.0);
    let mut workspace = Box::new(Workspace::<Net, Adam, 5, 4>::ZERO);
    let mut trainer = Trainer::new(&mut network, &mut workspace, Config::new(Adam::new(0.02))).unwrap();
    for _ in 0..150 {
        for (x, y) in &pairs {
            let pair = Forced::<5, 4>::new(&[*x], y, Words::MARKS).unwrap();
            trainer.update(pair.inputs(), pair.targets()).unwrap();
        }
    }
    for (x, y) in &pairs {
        assert_eq!(translated(&network, &[*x], Sampler::GREEDY, Never, 10), *y);
    }
}
