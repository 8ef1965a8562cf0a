//! Learning in fixed point: as well as in f32 on recordings of nine speakers, the same bits again and in slices, and nothing
//! learned from what saturated.

use elman::cell::Relu;
use elman::error::{SequenceError, TrainError};
use elman::math::{Fixed, Scalar};
use elman::optim::{InPlaceSgd, Momentum, Optimizer};
use elman::{
    Class, Clip, Config, CrossEntropy, Dense, Each, Elman, Gru, Last, Layer, Libm, Lstm, Math, Network, Random, Sgd,
    SquaredError, Trainer, Workspace, Xoshiro128, Zero, init,
};
use host_tests::plain::{argmax, drawn};
use host_tests::precision::{tensors, weight_bits};
use host_tests::{Noise, Precision, in_slices};

type Q = Fixed<20>;

/// Utterances of a part of JapaneseVowels, in the format of `data/README.md`.
fn utterances<T: Scalar>(bytes: &[u8]) -> Vec<(Vec<[T; 12]>, Class<9>)> {
    let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    let (mut at, mut all) = (20, Vec::new());
    for _ in 0..word(8) {
        let (class, steps) = (Class::new(word(at)).unwrap(), word(at + 8));
        let number = |t: usize, i: usize| T::from_f32(f32::from_bits(word(at + 12 + (t * 12 + i) * 4) as u32));
        all.push(((0..steps).map(|t| std::array::from_fn(|i| number(t, i))).collect(), class));
        at += 12 + steps * 48;
    }
    all
}

/// Trains a GRU of 16 units by SGD and returns the share of the test utterances that it assigns to their speakers.
fn accuracy<M: Math<Scalar: Precision>>(seed: u64) -> f64 {
    type Net<M> = Network<Gru<12, 16, M>, Dense<16, 9, <M as Math>::Scalar>>;
    let mut rng = Xoshiro128::from_seed(seed);
    let mut network = Net::<M>::ZERO;
    init::uniform_fan::<M, _>(&mut network, &mut rng);
    let mut workspace = Box::new(Workspace::<Net<M>, Sgd<M::Scalar>, 29, 1>::ZERO);
    let config = Config { clip: Clip::Norm(M::Scalar::ONE), ..Config::new(Sgd { rate: M::Scalar::from_f64(0.1) }) };
    let mut trainer = Trainer::new(&mut network, &mut workspace, config).unwrap();
    let mut train = utterances(include_bytes!("../../../data/japanese-vowels/train.rnnd"));
    for _ in 0..20 {
        rng.shuffle(&mut train);
        for (xs, class) in &train {
            trainer.update(xs, Last(*class)).unwrap();
        }
    }
    let test = utterances(include_bytes!("../../../data/japanese-vowels/test.rnnd"));
    let right = test.iter().filter(|(xs, class)| argmax(&network.predict(xs).unwrap()) == *class);
    right.count() as f64 / test.len() as f64
}

#[test]
fn nine_speakers_are_told_apart_as_well_as_in_f32() {
    let mean = |of: fn(u64) -> f64| (0..3).map(of).sum::<f64>() / 3.0;
    let float = mean(accuracy::<Libm>);
    let fixed = [mean(accuracy::<Fixed<16>>), mean(accuracy::<Q>), mean(accuracy::<Fixed<24>>)];
    println!("f32 {float:.4}, with 16, 20 and 24 bits {fixed:.4?}");
    assert!(float > 0.93, "{float}");
    assert!(fixed.iter().all(|fixed| *fixed > float - 0.01), "{fixed:?} after {float}");
}
