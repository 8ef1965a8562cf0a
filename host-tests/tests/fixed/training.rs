//! Learning in fixed point, as well as in f32, to tell nine speakers apart.

use elman::error::TrainError;
use elman::math::{Fixed, Scalar};
use elman::{
    Class, Clip, Config, Dense, Gru, Last, Libm, Math, Network, Random, Sgd, Trainer, Workspace, Xoshiro128, Zero, init,
};
use host_tests::Precision;
use host_tests::plain::argmax;

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

/// Trains a GRU of 16 units by SGD; returns the share of the test utterances that it assigns to their speakers, and the number of
/// updates that were refused because the norm of the gradient is out of the range.
fn accuracy<M: Math<Scalar: Precision>>(seed: u64) -> [f64; 2] {
    type Net<M> = Network<Gru<12, 16, M>, Dense<16, 9, <M as Math>::Scalar>>;
    let mut rng = Xoshiro128::from_seed(seed);
    let mut network = Net::<M>::ZERO;
    init::uniform_fan::<M, _>(&mut network, &mut rng);
    let mut workspace = Box::new(Workspace::<Net<M>, Sgd<M::Scalar>, 29, 1>::ZERO);
    let config = Config { clip: Clip::Norm(M::Scalar::ONE), ..Config::new(Sgd { rate: M::Scalar::from_f64(0.1) }) };
    let mut trainer = Trainer::new(&mut network, &mut workspace, config).unwrap();
    let mut refused = 0.0;
    let mut train = utterances(include_bytes!("../../../data/japanese-vowels/train.rnnd"));
    for _ in 0..20 {
        rng.shuffle(&mut train);
        for (xs, class) in &train {
            match trainer.update(xs, Last(*class)) {
                Ok(_) => {}
                Err(TrainError::NonFiniteGradient) => refused += 1.0,
                Err(error) => panic!("{error}"),
            }
        }
    }
    let test = utterances(include_bytes!("../../../data/japanese-vowels/test.rnnd"));
    let right = test.iter().filter(|(xs, class)| argmax(&network.predict(xs).unwrap()) == *class);
    [right.count() as f64 / test.len() as f64, refused]
}

#[test]
fn nine_speakers_are_told_apart_as_well_as_in_f32() {
    let mean = |of: fn(u64) -> [f64; 2]| {
        (0..3).map(of).fold([0.0; 2], |sum, [right, refused]| [sum[0] + right / 3.0, sum[1] + refused / 3.0])
    };
    let [float, none] = mean(accuracy::<Libm>);
    println!("f32 {float:.4}");
    assert!(float > 0.93 && none == 0.0, "{float}");
    for (bits, [fixed, refused]) in [(20, mean(accuracy::<Fixed<20>>)), (24, mean(accuracy::<Fixed<24>>))] {
        println!("{bits} bits {fixed:.4}, {refused:.1} of 5400 updates refused");
        assert!(fixed > float - 0.01, "{bits} bits: {fixed} after {float}");
    }
}
