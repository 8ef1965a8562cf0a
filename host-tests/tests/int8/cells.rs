//! Networks in integers beside those that they came from, and beside f64 with the weights that they have.

use elman::cell::Relu;
use elman::dense::Readout;
use elman::int8::{self, Calibration, PerGate, PerUnit, Quantize, Scales, Scaling, Weights};
use elman::part::Part;
use elman::{Dense, Elman, Gru, Libm, Lstm, Network, ResetBeforeGru, Stacked, Step, Token, Xoshiro128, Zero, init};

fn sequence<const I: usize>(seed: u64, steps: usize) -> Vec<[f32; I]> {
    use elman::Random;
    let mut rng = Xoshiro128::from_seed(seed);
    (0..steps).map(|_| core::array::from_fn(|_| rng.uniform(-2.0_f32, 2.0))).collect()
}

/// A network with weights drawn at random, those of the cell large enough for its gates to matter.
fn drawn<C: Zero + elman::Parameters<Scalar = f32>, const H: usize>() -> Network<C, Dense<H, 3>> {
    let mut net = Network::<C, Dense<H, 3>>::ZERO;
    init::uniform_fan::<Libm<f32>, _>(&mut net, &mut Xoshiro128::from_seed(3));
    elman::parameters::walk_range(&mut net.cell, [], 0..C::COUNT, |weights, []| {
        weights.iter_mut().for_each(|w| *w *= 1.5)
    });
    net
}

/// The largest difference of outputs, as a part of the largest output.
fn apart(exact: &[[f32; 3]], near: &[[f32; 3]]) -> f32 {
    let largest = exact.iter().flatten().fold(0.0_f32, |most, y| most.max(y.abs()));
    exact.iter().flatten().zip(near.iter().flatten()).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max) / largest
}

/// Returns the largest errors of the integer network's outputs, as parts of the largest output: with a scale per
/// gate, and with a scale per unit.
fn errors<C, X, const H: usize>(net: &Network<C, Dense<H, 3>>, xs: &[X]) -> [f32; 2]
where
    C: Quantize<X, Int8<PerGate>: Step<X, Output = [i16; H]>, Int8<PerUnit>: Step<X, Output = [i16; H]>>,
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
fn run<C: Step<X, Output = [i16; H]>, X, S: Scaling, const H: usize>(
    net: &Network<C, int8::Dense<H, 3, S>>,
    xs: &[X],
) -> Vec<[f32; 3]> {
    let mut state = C::State::ZERO;
    xs.iter().map(|x| net.step(&mut state, x)).collect()
}

/// An error below a hundredth of the largest output.
#[track_caller]
fn check([gate, unit]: [f32; 2]) {
    assert!(gate < 0.01 && unit < 0.01, "with a scale a gate {gate}, a unit {unit}");
    assert!(gate > 0.001 && unit > 0.001, "the bound is idle: {gate}, {unit}");
}

#[test]
fn networks_in_integers_are_near_those_they_came_from() {
    let xs = sequence::<6>(7, 300);
    check(errors(&drawn::<Elman<6, 32>, 32>(), &xs));
    check(errors(&drawn::<Elman<6, 32, Libm, 1, Relu>, 32>(), &xs));
    check(errors(&drawn::<Gru<6, 32>, 32>(), &xs));
    check(errors(&drawn::<Gru<6, 32, Libm, 0>, 32>(), &xs));
    check(errors(&drawn::<ResetBeforeGru<6, 32>, 32>(), &xs));
    check(errors(&drawn::<Lstm<6, 32, Libm, 2>, 32>(), &xs));
    check(errors(&drawn::<Stacked<Gru<6, 16>, Stacked<Lstm<16, 12>, Elman<12, 8>>>, 8>(), &xs));
    check(errors(&drawn::<Gru<6, 1>, 1>(), &xs));
    let symbols: Vec<_> = (0..300).map(|t| Token::<11>::new(t * t % 11).unwrap()).collect();
    check(errors(&drawn::<Gru<11, 20>, 20>(), &symbols));
}

/// Weights as they are in integers, for a cell of f64: `[input][gate][unit]`, a sum in units of `sum`.
fn real<const N: usize, const H: usize, const G: usize, S: Scaling>(
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

/// The arithmetic alone: the same weights and inputs in f64. What is left are the rounding of states, arguments and functions.
#[test]
fn the_arithmetic_is_that_of_f64_to_three_digits() {
    let net = drawn::<Gru<6, 32>, 32>();
    let xs = sequence::<6>(7, 2000);
    let mut calibration = Calibration::new(&net);
    calibration.observe(&xs).unwrap();
    let small = calibration.quantize::<PerUnit>().unwrap().cell;
    let affine = &small.affine;
    let quantum = 1.0 / f64::from(affine.resolution.get());
    let argument = 2.0_f64.powi(-13);
    let mut exact = Gru::<6, 32, Libm<f64>>::ZERO;
    exact.affine.w_ih = real::<_, _, _, PerUnit>((&affine.w_ih, &affine.scale_ih), quantum, argument);
    exact.affine.w_hh = real::<_, _, _, PerUnit>((&affine.w_hh, &affine.scale_hh), 2.0_f64.powi(-15), argument);
    let b = affine.b.map(|b| b.map(|b| f64::from(b.get()) / 2048.0));
    exact.affine.b = [[b[0], b[1], b[2]], [[0.0; 32], [0.0; 32], b[3]]];
    let (mut near, mut state, mut worst) = ([0_i16; 32], [0.0; 32], [0.0_f64; 2]);
    for (t, x) in xs.iter().enumerate() {
        let q = x.map(|x| (f64::from(x) / quantum).round());
        small.step(&mut near, &q.map(|q| q as i16));
        exact.step(&mut state, &q.map(|q| q * quantum));
        for (near, exact) in near.iter().zip(state) {
            let half = usize::from(t >= 1000);
            worst[half] = worst[half].max((f64::from(*near) / 32768.0 - exact).abs());
        }
    }
    assert!(worst[0] < 1e-3 && worst[1] < 1.5 * worst[0], "{worst:?}");
}

/// Reset and replay, snapshots, and the order of units change no bit.
#[test]
fn the_same_steps_give_the_same_bits() {
    let net = drawn::<Lstm<6, 5>, 5>();
    let xs = sequence::<6>(9, 50);
    let mut calibration = Calibration::new(&net);
    calibration.observe(&xs).unwrap();
    let small = calibration.quantize::<PerUnit>().unwrap();
    let first = run(&small, &xs);
    assert_eq!(run(&small, &xs), first);
    let mut turned = net.clone();
    let order = [3, 0, 4, 2, 1];
    for (i, row) in net.cell.affine.w_ih.iter().enumerate() {
        turned.cell.affine.w_ih[i] = row.map(|gate| order.map(|unit| gate[unit]));
    }
    for (unit, from) in order.into_iter().enumerate() {
        turned.cell.affine.w_hh[unit] = net.cell.affine.w_hh[from].map(|gate| order.map(|unit| gate[unit]));
        turned.readout.w[unit] = net.readout.w[from];
    }
    turned.cell.affine.b = net.cell.affine.b.map(|b| b.map(|gate| order.map(|unit| gate[unit])));
    let mut calibration = Calibration::new(&turned);
    calibration.observe(&xs).unwrap();
    assert_eq!(run(&calibration.quantize::<PerUnit>().unwrap(), &xs), first);
}

/// Classification, streams and probabilities need nothing that a cell in integers does not have.
#[test]
fn tasks_run() {
    let net = drawn::<Gru<6, 8>, 8>();
    let xs = sequence::<6>(1, 20);
    let mut calibration = Calibration::new(&net);
    calibration.observe(&xs).unwrap();
    let small = calibration.quantize::<PerGate>().unwrap();
    assert_eq!(small.classify(&xs), net.classify(&xs));
    let [exact, near]: [[f32; 3]; 2] = [net.probabilities(&xs).unwrap(), small.probabilities(&xs).unwrap()];
    assert!(exact.iter().zip(near).all(|(a, b)| (a - b).abs() < 0.01), "{exact:?} {near:?}");
    assert!((near.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    let mut wrong = xs.clone();
    wrong[3][2] = f32::NAN;
    assert!(small.classify(&wrong).is_err());
    let unit = small.readout.unit();
    let mut state = <int8::Gru<6, 8> as Part>::State::ZERO;
    let outputs = small.step(&mut state, &xs[0]);
    assert_eq!(small.readout.integers(&state).map(|integer| integer as f32 * unit), outputs);
}
