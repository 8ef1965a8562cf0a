//! Networks drawn at random, their sequences, and how far those in integers are from them.

use elman::dense::Readout;
use elman::int8::{self, Calibration, PerGate, PerUnit, Quantize, Scales, Scaling, Weights};
use elman::network::Model;
use elman::part::Sweep;
use elman::{Dense, Libm, Network, Random, Reader, Step, Xoshiro128, Zero, init};

pub fn sequence<const I: usize>(seed: u64, steps: usize) -> Vec<[f32; I]> {
    let mut rng = Xoshiro128::from_seed(seed);
    (0..steps).map(|_| core::array::from_fn(|_| rng.uniform(-2.0_f32, 2.0))).collect()
}

/// A network with weights drawn at random, those of the cell large enough for its gates to matter.
pub fn drawn<C: Zero + elman::Parameters<Scalar = f32>, const H: usize>() -> Network<C, Dense<H, 3>> {
    let mut net = Network::<C, Dense<H, 3>>::ZERO;
    init::uniform_fan::<Libm<f32>, _>(&mut net, &mut Xoshiro128::from_seed(3));
    elman::parameters::walk_range(&mut net.cell, [], 0..C::COUNT, |weights, []| {
        weights.iter_mut().for_each(|w| *w *= 1.5)
    });
    net
}

/// The largest difference of outputs, as a part of the largest output.
pub fn apart(exact: &[[f32; 3]], near: &[[f32; 3]]) -> f32 {
    let largest = exact.iter().flatten().fold(0.0_f32, |most, y| most.max(y.abs()));
    assert_eq!(exact.len(), near.len());
    exact.iter().flatten().zip(near.iter().flatten()).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max) / largest
}

/// Returns the largest errors of the integer network's outputs, as parts of the largest output: with a scale per
/// gate, and with a scale per unit.
pub fn errors<C, X, const H: usize>(net: &Network<C, Dense<H, 3>>, xs: &[X]) -> [f32; 2]
where
    C: Quantize<X, Int8<PerGate>: Step<X, Output = [i16; H]>, Int8<PerUnit>: Step<X, Output = [i16; H]>> + Step<X>,
    Dense<H, 3>: Readout<C::Output, Output = [f32; 3]>,
{
    let mut calibration = Calibration::new(net);
    calibration.observe(xs).unwrap();
    let mut state = C::State::ZERO;
    let exact: Vec<_> = xs.iter().map(|x| net.step(&mut state, x)).collect();
    let (gate, unit) = (calibration.quantize::<PerGate>().unwrap(), calibration.quantize::<PerUnit>().unwrap());
    [apart(&exact, &run(&gate, xs)), apart(&exact, &run(&unit, xs))]
}

/// Returns the outputs of each step.
pub fn run<C: Step<X, Output = [i16; H]>, X, S: Scaling, const H: usize>(
    net: &Network<C, int8::Dense<H, 3, S>>,
    xs: &[X],
) -> Vec<[f32; 3]> {
    let mut state = C::State::ZERO;
    xs.iter().map(|x| net.step(&mut state, x)).collect()
}

/// Returns the outputs of each step, with the room of a reader.
pub fn swept<C, R, X>(net: &Network<C, R>, xs: &[X]) -> Vec<[f32; 3]>
where
    C: Sweep<X>,
    R: Readout<C::Output, Output = [f32; 3]>,
    Network<C, R>: Model<Layer = C>,
{
    let (mut reader, mut outputs) = (Reader::<Network<C, R>, 400>::ZERO, vec![[0.0; 3]; xs.len()]);
    reader.on(net).predict_each(xs, &mut outputs).unwrap();
    outputs
}

/// An error below a hundredth of the largest output.
#[track_caller]
pub fn check(errors: [f32; 2]) {
    check_within(0.01, errors);
}

/// An error below `bound`, as a part of the largest output.
#[track_caller]
pub fn check_within(bound: f32, [gate, unit]: [f32; 2]) {
    println!("{}: with a scale a gate {gate:.5}, a unit {unit:.5}", std::panic::Location::caller());
    assert!(gate < bound && unit < bound, "with a scale a gate {gate}, a unit {unit}");
    assert!(gate > 0.1 * bound && unit > 0.1 * bound, "the bound is idle: {gate}, {unit}");
}

/// Weights as they are in integers, for a cell of f64: `[input][gate][unit]`, a sum in units of `sum`.
pub fn real<const N: usize, const H: usize, const G: usize, S: Scaling>(
    (weights, scales): (&Weights<N, H, G>, &Scales<H, G, S>),
    input: f64,
    sum: f64,
) -> [[[f64; H]; G]; N] {
    let scale = |gate: usize, unit: usize| {
        let scales = scales[gate].as_ref();
        f64::from(scales[unit % scales.len()].multiplier()) / 2.0_f64.powi(32)
    };
    let weight = |i: usize, g: usize, u: usize| f64::from(weights.at(g, u, i)) * scale(g, u) * sum / input;
    core::array::from_fn(|i| core::array::from_fn(|g| core::array::from_fn(|u| weight(i, g, u))))
}
