//! A small problem to train on: is the sum of a sequence above 0?

use elman::parameters::Path;
use elman::{Class, Dense, Elman, Libm, Network, Parameters, Random, Xoshiro128, Zero, init};
use elman_trainer::{Epoch, History, ToOne};
use std::path::PathBuf;

/// Number of steps of the longest sequence.
pub const T: usize = 5;

pub type Net = Network<Elman<2, 3>, Dense<3, 2>>;
pub type Sample = ToOne<[f32; 2], Class<2>>;

/// Draws sequences of 1 to [`T`] steps.
pub fn samples(count: usize, seed: u64) -> Vec<Sample> {
    let mut rng = Xoshiro128::from_seed(seed);
    let draw = |_| {
        let inputs: Vec<[f32; 2]> =
            (0..1 + rng.below(T as u32)).map(|_| [rng.uniform(-1.0, 1.0), rng.uniform(-1.0, 1.0)]).collect();
        let sum: f32 = inputs.as_flattened().iter().sum();
        ToOne { inputs, target: Class::new(usize::from(sum > 0.0)).unwrap() }
    };
    (0..count).map(draw).collect()
}

pub fn start() -> Net {
    let mut network = Net::ZERO;
    init::orthogonal::<Libm<f32>, _>(&mut network, &mut Xoshiro128::from_seed(3));
    network
}

pub fn bits(network: &impl Parameters<Scalar = f32>) -> Vec<u32> {
    let mut bits = Vec::new();
    network.view(Path::ROOT, &mut |_, values| bits.extend(values.iter().map(|value| value.to_bits())));
    bits
}

/// Returns a history with all times set to zero.
pub fn timeless(history: &History) -> History {
    let epochs = history.epochs.iter().map(|epoch| Epoch { seconds: 0.0, ..epoch.clone() }).collect();
    History { epochs, ..history.clone() }
}

/// Returns the path of a file that does not exist yet.
pub fn file(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_file(&path);
    path
}
