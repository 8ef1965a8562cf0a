//! Dropout layers: the values that they pass on, and the same mask for the gradient.

use elman::cell::Cell;
use elman::optim::{Momentum, Optimizer};
use elman::parameters::Path;
use elman::target::Final;
use elman::{
    Class, Clip, Config, CrossEntropy, Dense, Each, Elman, Layer, Libm, Network, Parameters, Reduction, Sgd, Stacked,
    Step, Trainer, Workspace, Xoshiro128, Zero, init,
};
use elman_trainer::Dropout;

const N: usize = 10_000;

fn drawn(rate: f32, seed: u64) -> Dropout<N> {
    let mut dropout = Dropout::ZERO;
    dropout.redraw(rate, &mut Xoshiro128::from_seed(seed)).unwrap();
    dropout
}

fn through<const N: usize>(dropout: &Dropout<N>, x: &[f32; N]) -> [f32; N] {
    let mut state = [7.0; N];
    dropout.step(&mut state, x);
    state
}

/// Returns the share of positions where both masks pass the value on, or neither does.
fn agreement(a: &[f32; N], b: &[f32; N]) -> f64 {
    a.iter().zip(b).filter(|(a, b)| (**a == 0.0) == (**b == 0.0)).count() as f64 / N as f64
}

#[test]
fn as_many_as_asked_for_are_dropped_and_the_others_enlarged() {
    for rate in [0.1, 0.5, 0.9] {
        let x: [f32; N] = std::array::from_fn(|i| (i + 1) as f32 / N as f32);
        let y = through(&drawn(rate, 1), &x);
        let kept = y.iter().zip(&x).filter(|(y, _)| **y != 0.0);
        kept.clone().for_each(|(y, x)| assert_eq!(*y, 1.0 / (1.0 - rate) * x));
        let share = 1.0 - kept.count() as f64 / N as f64;
        // Five standard deviations of a share of N draws.
        let allowed = 5.0 * f64::from(rate * (1.0 - rate) / N as f32).sqrt();
        assert!((share - f64::from(rate)).abs() < allowed, "{share} of {rate}");
    }
}

#[test]
fn masks_of_other_places_draws_and_numbers_have_nothing_in_common() {
    let same = through(&drawn(0.5, 1), &[1.0; N]);
    let unrelated = 0.5 - 5.0 * 0.5 / (N as f64).sqrt()..0.5 + 5.0 * 0.5 / (N as f64).sqrt();
    let mut shifted = same;
    shifted.rotate_left(1);
    assert!(unrelated.contains(&agreement(&same, &shifted)), "places");
    assert!(unrelated.contains(&agreement(&same, &through(&drawn(0.5, 2), &[1.0; N]))), "draws");
    // The last bit of a number is enough; so is its sign.
    for other in [1.0f32.next_up(), -1.0, 2.0, 0.1] {
        assert!(unrelated.contains(&agreement(&same, &through(&drawn(0.5, 1), &[other; N]))), "{other}");
    }
    assert_eq!(same, through(&drawn(0.5, 1), &[1.0; N]));
}

#[test]
fn off_lets_all_through_bit_for_bit() {
    let x = [0.0, -0.0, f32::MIN_POSITIVE / 2.0, -1.5, f32::MAX, f32::NEG_INFINITY];
    let mut dropout = Dropout::ZERO;
    for _ in 0..2 {
        assert_eq!(through(&dropout, &x).map(f32::to_bits), x.map(f32::to_bits));
        dropout.redraw(0.5, &mut Xoshiro128::from_seed(1)).unwrap();
        assert_ne!(through(&dropout, &x), x);
        dropout.off();
    }
}

#[test]
fn nan_is_never_dropped() {
    let mut dropout = Dropout::ZERO;
    assert!(through(&dropout, &[f32::NAN])[0].is_nan());
    for seed in 0..20 {
        dropout.redraw(0.9, &mut Xoshiro128::from_seed(seed)).unwrap();
        assert!(through(&dropout, &[f32::NAN])[0].is_nan());
    }
}

#[test]
fn a_rate_that_is_none_is_refused_and_changes_nothing() {
    let mut dropout = drawn(0.5, 1);
    for rate in [1.0, -0.1, 1.5, f32::NAN, f32::INFINITY] {
        let error = dropout.redraw(rate, &mut Xoshiro128::from_seed(2)).unwrap_err();
        assert_eq!(error.to_string(), format!("the dropout rate must be at least 0 and below 1, not {rate}"));
        assert_eq!(dropout, drawn(0.5, 1));
    }
}

const UNITS: usize = 24;
type Lower = Elman<2, UNITS, Libm<f64>>;
type Plain = Network<Lower, Dense<UNITS, 3, f64>>;
type Dropping = Network<Stacked<Lower, Dropout<UNITS, Libm<f64>>>, Dense<UNITS, 3, f64>>;

fn config<O: Optimizer<Scalar = f64>>(optimizer: O) -> Config<O> {
    Config { optimizer, loss: CrossEntropy, clip: Clip::None, steps: Reduction::Mean, sequences: Reduction::Mean }
}

fn numbers<P: Parameters<Scalar = f64>>(weights: &P) -> Vec<f64> {
    let mut all = Vec::new();
    weights.view(Path::ROOT, &mut |_, values| all.extend_from_slice(values));
    all
}

/// If only the last step has a target, W (f ∘ h) = (W with its columns scaled by f) h: the network without dropout
/// but with the scaled W has the same gradient in the cell, and with dropout the gradient of W is f times as large.
#[test]
fn the_gradient_is_that_of_a_read_out_with_masked_columns() {
    let mut dropping = Dropping::ZERO;
    init::orthogonal::<Libm<f64>, _>(&mut dropping, &mut Xoshiro128::from_seed(3));
    dropping.cell.upper.redraw(0.4, &mut Xoshiro128::from_seed(4)).unwrap();
    let inputs = [[0.3, -1.0], [0.8, 0.1], [-0.4, 0.9]];
    let target = Class::<3>::new(2).unwrap();

    let mut state = Zero::ZERO;
    inputs.iter().for_each(|x| dropping.cell.step(&mut state, x));
    let factors: [f64; UNITS] = std::array::from_fn(|unit| state.upper[unit] / state.lower[unit]);
    assert!(factors.iter().all(|&f| f == 0.0 || (f - 1.0 / 0.6).abs() < 1e-6));
    assert!(factors.contains(&0.0) && factors.iter().any(|&f| f > 0.0));

    let mut plain = Plain { cell: dropping.cell.lower.clone(), readout: dropping.readout.clone() };
    // The read-out's weights have the input index outermost.
    plain.readout.w.iter_mut().zip(factors).for_each(|(column, f)| column.iter_mut().for_each(|w| *w *= f));
    let before = (numbers(&dropping), numbers(&plain));
    let losses = [descend(&mut dropping, &inputs, target), descend(&mut plain, &inputs, target)];
    assert!((losses[0] - losses[1]).abs() < 1e-12);
    let step = |after: Vec<f64>, before: Vec<f64>| after.iter().zip(before).map(|(a, b)| a - b).collect::<Vec<_>>();
    let (dropping, plain) = (step(numbers(&dropping), before.0), step(numbers(&plain), before.1));
    let (cell, readout) = (Lower::COUNT, 3 * UNITS);
    for (place, (step, plain)) in dropping.iter().zip(&plain).enumerate() {
        let column = place.checked_sub(cell).filter(|&place| place < readout).map(|place| place / 3);
        let expected = plain * column.map_or(1.0, |column| factors[column]);
        assert!((step - expected).abs() < 1e-12, "{place}: {step} for {expected}");
    }
}

/// Performs one update with `target` at the last step and returns the loss.
fn descend<C>(network: &mut Network<C, Dense<UNITS, 3, f64>>, inputs: &[[f64; 2]], target: Class<3>) -> f64
where
    C: Cell<[f64; 2], Scalar = f64, Math = Libm<f64>, Output = [f64; UNITS]> + Layer<[f64; 2]>,
{
    let mut work = Workspace::<_, Sgd<f64>, 3>::ZERO;
    let mut trainer = Trainer::new(network, &mut work, config(Sgd { rate: 0.1 })).unwrap();
    trainer.update(inputs, Final(target)).unwrap().loss
}

/// Returns the weights after five updates on twelve steps with a target at each.
fn learned<const T: usize, const P: usize>() -> Vec<f64> {
    type Net =
        Network<Stacked<Stacked<Lower, Dropout<UNITS, Libm<f64>>>, Elman<UNITS, 5, Libm<f64>>>, Dense<5, 3, f64>>;
    let (mut network, mut rng) = (Net::ZERO, Xoshiro128::from_seed(5));
    init::orthogonal::<Libm<f64>, _>(&mut network, &mut rng);
    let mut work = Workspace::<Net, Momentum<f64>, T, T, P>::ZERO;
    let inputs: [[f64; 2]; 12] = std::array::from_fn(|t| [(t as f64).sin(), 0.5]);
    let targets: [Class<3>; 12] = std::array::from_fn(|t| Class::new(t % 3).unwrap());
    for _ in 0..5 {
        network.cell.lower.upper.redraw(0.3, &mut rng).unwrap();
        let momentum = Momentum { rate: 0.05, momentum: 0.9 };
        let mut trainer = Trainer::new(&mut network, &mut work, config(momentum)).unwrap();
        trainer.update(&inputs, Each(&targets)).unwrap();
    }
    numbers(&network)
}

#[test]
fn a_checkpointed_tape_finds_the_same_masks_again() {
    let whole = learned::<12, 1>();
    assert!(whole.iter().all(|x| x.is_finite()));
    assert_eq!(whole, learned::<3, 4>());
    assert_eq!(whole, learned::<1, 12>());
}
