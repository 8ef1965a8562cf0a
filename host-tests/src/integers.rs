//! Networks in integers, made of networks whose weights are drawn at random.

use crate::Noise;
use crate::plain::drawn;
use elman::int8::{self, Calibration, Quantize, Scaling};
use elman::{Dense, Network, Parameters, Step, Zero};

/// The network in integers that a cell `C` with `K` outputs becomes.
pub type Small<C, X, S, const H: usize, const K: usize> = Network<<C as Quantize<X>>::Int8<S>, int8::Dense<H, K, S>>;

/// Returns a network in integers, calibrated on `xs`.
pub fn quantized<C, X, S: Scaling, const H: usize, const K: usize>(seed: u64, xs: &[X]) -> Small<C, X, S, H, K>
where
    C: Quantize<X> + Step<X> + Zero + Parameters<Scalar = f32>,
{
    let network = drawn::<Network<C, Dense<H, K>>>(seed, 1.5);
    let mut calibration = Calibration::new(&network);
    calibration.observe(xs).unwrap();
    calibration.quantize::<S>().unwrap()
}

/// Returns inputs drawn at random.
pub fn inputs<const I: usize>(seed: u64, steps: usize) -> Vec<[f32; I]> {
    Noise(seed).vectors::<f32, I>(steps)
}
