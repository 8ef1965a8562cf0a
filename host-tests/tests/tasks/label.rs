//! Labels of steps, computed from their outputs, and two rules over bits that an Elman network learns without
//! errors.

use elman::cell::Cell;
use elman::{
    Adam, Class, Clip, Config, Dense, Each, Elman, Layer, Libm, Math, Network, SequenceError, Token, Trainer,
    Workspace, Zero, init,
};
use elman::{Random, Xoshiro128};
use host_tests::plain::{argmax, drawn, outputs};
use host_tests::{Noise, Precision};

type Net<T, const I: usize, const H: usize, const K: usize> = Network<Elman<I, H, Libm<T>>, Dense<H, K, T>>;

fn agrees<T: Precision, X, const I: usize, const H: usize, const K: usize>(seed: u64, draw: impl Fn(&mut Noise) -> X)
where
    Libm<T>: Math<Scalar = T>,
    Elman<I, H, Libm<T>>: Cell<X, Math = Libm<T>, Scalar = T, State = [T; H], Output = [T; H]> + Layer<X>,
{
    let network: Net<T, I, H, K> = drawn(seed, 3.0);
    let mut noise = Noise(seed + 1);
    for length in [1, 2, 3, 17] {
        let xs: Vec<X> = (0..length).map(|_| draw(&mut noise)).collect();
        let want: Vec<Class<K>> = outputs(&network, &xs).iter().map(argmax).collect();
        let last = Class::new(K - 1).unwrap();
        let mut labels = vec![last; length + 3];
        assert_eq!(network.label(&xs, &mut labels), Ok(length));
        assert_eq!(labels[..length], want);
        assert_eq!(labels[length..], [last; 3], "what there was no step for is as before");
        assert_eq!(network.classify(&xs), Ok(want[length - 1]), "the last label is the class");
    }
}

fn every_shape<T: Precision>()
where
    Libm<T>: Math<Scalar = T>,
{
    agrees::<T, [T; 3], 3, 5, 4>(1, Noise::vector);
    agrees::<T, [T; 1], 1, 1, 1>(2, Noise::vector);
    agrees::<T, [T; 1], 1, 9, 17>(3, Noise::vector);
    agrees::<T, Token<6>, 6, 5, 3>(4, Noise::class);
    agrees::<T, Token<1>, 1, 1, 2>(5, Noise::class);
}

#[test]
fn f32_labels_are_the_steps() {
    every_shape::<f32>();
}

#[test]
fn f64_labels_are_the_steps() {
    every_shape::<f64>();
}

/// Returns the error, and checks that the labels are unchanged.
fn refusal<const L: usize>(network: &Net<f32, 2, 3, 4>, xs: &[[f32; 2]]) -> Option<SequenceError> {
    let before: [Class<4>; L] = std::array::from_fn(|i| Class::new(3 - i % 2).unwrap());
    let mut labels = before;
    let error = network.label(xs, &mut labels).err();
    assert_eq!(labels, before);
    error
}

#[test]
fn what_cannot_be_labelled_is_refused() {
    let network = drawn(1, 1.0);
    let xs = [[0.5, -0.5]; 4];
    assert_eq!(refusal::<4>(&network, &[]), Some(SequenceError::Empty));
    assert_eq!(refusal::<0>(&network, &[]), Some(SequenceError::Empty));
    assert_eq!(refusal::<3>(&network, &xs), Some(SequenceError::TooLong { length: 4, capacity: 3 }));
    assert_eq!(refusal::<0>(&network, &xs), Some(SequenceError::TooLong { length: 4, capacity: 0 }));
    for (step, bad) in [(0, f32::NAN), (3, f32::NAN), (2, f32::INFINITY), (1, f32::NEG_INFINITY)] {
        let mut xs = xs;
        xs[step][1] = bad;
        assert_eq!(refusal::<4>(&network, &xs), Some(SequenceError::NonFiniteInput { step }));
    }
}

#[test]
fn outputs_that_are_not_finite_are_refused() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let mut network: Net<f32, 2, 3, 4> = drawn(1, 1.0);
        network.readout.b[0] = bad;
        assert_eq!(refusal::<4>(&network, &[[0.5, -0.5]; 4]), Some(SequenceError::NonFiniteOutput { step: 0 }));
    }
}

/// Length of the longest training sequence; longer ones are labelled too.
const LONGEST: usize = 12;

type Bits = Network<Elman<2, 8>, Dense<8, 2>>;
type Rule = fn(&[Token<2>]) -> bool;

fn bits(rng: &mut impl Random, most: usize) -> Vec<Token<2>> {
    let length = 1 + rng.below(most as u32) as usize;
    (0..length).map(|_| Token::new(rng.below(2) as usize).unwrap()).collect()
}

/// Returns the label of each step: the rule applied to the bits up to that step.
fn truth(rule: Rule, xs: &[Token<2>]) -> Vec<Class<2>> {
    (1..=xs.len()).map(|n| Class::new(rule(&xs[..n]).into()).unwrap()).collect()
}

fn learn(rule: Rule, sequences: usize) -> Bits {
    let mut rng = Xoshiro128::from_seed(3);
    let mut network = Bits::ZERO;
    init::uniform_fan::<Libm<f32>, _>(&mut network, &mut rng);
    let mut workspace = Workspace::<Bits, Adam, LONGEST, LONGEST>::ZERO;
    let config = Config { clip: Clip::Norm(1.0), ..Config::new(Adam::new(0.01)) };
    let mut trainer = Trainer::new(&mut network, &mut workspace, config).unwrap();
    for _ in 0..sequences {
        let xs = bits(&mut rng, LONGEST);
        trainer.update(&xs, Each(&truth(rule, &xs))).unwrap();
    }
    network
}

/// Checks the labels of sequences of 1 to `most` bits, almost all of them unseen.
fn assert_learned(name: &str, rule: Rule, sequences: usize, most: usize) {
    let network = learn(rule, sequences);
    let mut rng = Xoshiro128::from_seed(4);
    let (mut right, mut all) = (0, 0);
    for _ in 0..500 {
        let xs = bits(&mut rng, most);
        let mut labels = vec![Class::default(); most];
        let written = network.label(&xs, &mut labels).unwrap();
        right += truth(rule, &xs).iter().zip(&labels[..written]).filter(|(a, b)| a == b).count();
        all += xs.len();
    }
    println!("{name}: {right} of {all} labels correct on sequences of 1 to {most} steps, trained on 1 to {LONGEST}");
    assert_eq!(right, all);
}

#[test]
fn a_one_within_three_steps_is_learned() {
    assert_learned("a one within three steps", |xs| xs.iter().rev().take(3).any(|x| x.index() == 1), 3_000, 100);
}

/// The answer is known three steps before it is needed, so it cannot be learned without a gradient through time.
#[test]
fn the_bit_three_steps_ago_is_learned() {
    let ago = |xs: &[Token<2>]| xs.iter().rev().nth(3).is_some_and(|x| x.index() == 1);
    assert_learned("the bit three steps ago", ago, 12_000, 100);
}

#[test]
fn parity_is_learned() {
    assert_learned("parity", |xs| xs.iter().filter(|x| x.index() == 1).count() % 2 == 1, 6_000, 100);
}
