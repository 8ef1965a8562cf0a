//! Properties of every cell, whatever its equations.

use crate::difference::{Gradients, copied};
use crate::parity::Stored;
use crate::plain::drawn;
use crate::precision::{tensors, weight_bits};
use crate::reordered::{Order, reordered};
use crate::replay::features;
use crate::tolerance::REORDERED;
use crate::{Failure, Noise, Numbers, Problem, assert_close, replay};
use elman::Part;
use elman::dense::Readout;
use elman::input::Input;
use elman::loss::Loss;
use elman::target::{Final, Targets};
use elman::trainer::Config;
use elman::{
    CrossEntropy, Dense, Each, Layer, Masked, Network, Parameters, Sgd, Side, SquaredError, Token, Trainer, Workspace,
    Zero,
};
use std::any::type_name;

/// An input that can be drawn.
pub trait Drawn: Numbers + Clone {
    /// One of them.
    fn drawn(noise: &mut Noise) -> Self;
}

impl<const I: usize> Drawn for [f64; I] {
    fn drawn(noise: &mut Noise) -> Self {
        noise.vector()
    }
}

impl<const V: usize> Drawn for Token<V> {
    fn drawn(noise: &mut Noise) -> Self {
        noise.class()
    }
}

/// Draws a side, then an input of that side.
impl<X: Drawn, Y: Drawn> Drawn for Side<X, Y> {
    fn drawn(noise: &mut Noise) -> Self {
        if noise.bits().is_multiple_of(2) { Self::Source(X::drawn(noise)) } else { Self::Target(Y::drawn(noise)) }
    }
}

/// A sequence of them.
pub fn sequence<X: Drawn>(noise: &mut Noise, length: usize) -> Vec<X> {
    (0..length).map(|_| X::drawn(noise)).collect()
}

/// A layer or a composition of layers, in f64, that reads `X` and has `H` outputs.
pub trait Composed<X, const H: usize>:
    Trained<
        X,
        Scalar = f64,
        State: Stored<Scalar = f64> + Numbers,
        Output: Input<f64, H, Gradient = <Self as Part>::Output> + Numbers,
        InputGradient: Numbers,
    >
{
}

impl<C, X, const H: usize> Composed<X, H> for C where
    C: Trained<
            X,
            Scalar = f64,
            State: Stored<Scalar = f64> + Numbers,
            Output: Input<f64, H, Gradient = <C as Part>::Output> + Numbers,
            InputGradient: Numbers,
        >
{
}

/// A layer of any number type whose gradient is of its own type.
pub trait Trained<X>: Layer<X> + Parameters<Gradient = Self> + Clone + Zero {}
impl<C: Layer<X> + Parameters<Gradient = Self> + Clone + Zero, X> Trained<X> for C {}

/// A cell with a read-out of four values.
type Net<C, const H: usize> = Network<C, Dense<H, 4, f64>>;

/// Seeds to look through for a window that has neither kinks nor gradients too small to judge.
const SEEDS: u64 = 400;

/// Compares gradients with slopes, of cross-entropy at each step and of squared error at each third. `kink` says whether,
/// since its last call, a unit went through a point without a slope in windows of that many steps.
///
/// Returns the largest error found, as a fraction of the allowed one.
pub fn slopes<C: Composed<[f64; I], H>, const I: usize, const H: usize>(
    steps: usize,
    kink: &dyn Fn(usize) -> bool,
) -> f64 {
    slopes_reading::<C, [f64; I], H>(steps, kink)
}

/// Same as [`slopes`], for any type of input.
pub fn slopes_reading<C: Composed<X, H>, X: Drawn, const H: usize>(steps: usize, kink: &dyn Fn(usize) -> bool) -> f64 {
    let mut noise = Noise(9);
    let (classes, values) = (noise.classes::<4>(steps), noise.vectors::<f64, 4>(steps));
    let some: Vec<_> = values.iter().enumerate().map(|(t, &value)| (t % 3 == 0).then_some(value)).collect();
    let xs = |noise: &mut Noise| sequence(noise, steps);
    let each = slopes_of::<C, X, _, _, H>(&xs, (&CrossEntropy, &Each(&classes), 1.0), kink);
    each.max(slopes_of::<C, X, _, _, H>(&xs, (&SquaredError, &Masked(&some), 0.25), kink))
}

/// Same as [`slopes`], for one loss over the inputs that `draw` makes.
pub fn slopes_of<C: Composed<X, H>, X: Drawn, L, Y, const H: usize>(
    draw: &dyn Fn(&mut Noise) -> Vec<X>,
    loss: (&L, &Y, f64),
    kink: &dyn Fn(usize) -> bool,
) -> f64
where
    L: Loss<C::Math, [f64; 4]>,
    Y: Targets<L::Target>,
{
    for seed in 0..SEEDS {
        let mut noise = Noise(seed);
        let network = drawn::<Net<C, H>>(seed, 1.5);
        let start = noisy(&mut noise);
        let mut problem = Problem { network, start, xs: draw(&mut noise), loss, kinked: false };
        let gradients = problem.gradients();
        let steps = problem.xs.len();
        kink(steps);
        let found = problem.compare(&gradients);
        match found {
            _ if !tells(&gradients) || kink(steps) => {}
            Ok(worst) => return worst,
            Err(Failure::Mismatch { .. } | Failure::Kink) => {
                panic!("{}, {steps} steps: {found:?}", type_name::<C>())
            }
        }
    }
    panic!("{}: no seed to judge by", type_name::<C>());
}

/// Compares gradients with slopes, for a target at the end states of a sequence of so many steps.
pub fn slopes_at_the_ends<C: Composed<X, H>, X: Drawn, const H: usize>(steps: usize) {
    let mut noise = Noise(steps as u64);
    let network = drawn::<Net<C, H>>(5, 1.5);
    let mut start = C::State::ZERO;
    start.numbers().into_iter().for_each(|x| *x = noise.uniform());
    let (xs, target) = (sequence(&mut noise, steps), Final(noise.class::<4>()));
    let mut problem = Problem { network, start, xs, loss: (&CrossEntropy, &target, 1.0), kinked: false };
    let gradients = problem.gradients();
    assert!(gradients.iter().all(|(_, g)| g.iter().any(|g| g.abs() > 1e-9)), "T={steps}");
    assert_eq!(problem.compare(&gradients).map(|_| ()), Ok(()), "T={steps}");
}

/// Returns `true` if every gradient is large enough for a wrong one to be seen: at least a hundred times the allowed error.
fn tells(gradients: &Gradients) -> bool {
    let largest = |g: &[f64]| g.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    gradients.iter().all(|(_, g)| g.is_empty() || largest(g) > 1e-6)
}

fn noisy<S: Stored<Scalar = f64> + Zero>(noise: &mut Noise) -> S {
    let mut state = S::ZERO;
    state.parts().into_iter().flat_map(|(_, numbers)| numbers).for_each(|x| *x = noise.uniform());
    state
}

/// Checks every other property.
pub fn properties<C: Composed<[f64; I], H>, const I: usize, const H: usize>() {
    units_may_stand_in_any_order::<C, [f64; I], H>();
    properties_reading::<C, [f64; I], H>();
    nan_stays_visible::<C, [f64; I], H>(&[f64::NAN; I]);
}

/// Checks the properties that hold for compositions, too, for any type of input.
pub fn properties_reading<C: Composed<X, H>, X: Drawn, const H: usize>() {
    a_reset_repeats_the_bits::<C, X, H>();
    an_update_moves_every_parameter::<C, X, H>();
    slices_of_an_update_are_the_update::<C, X, H>();
    the_bound_holds::<C, X, H>();
}

/// Checks a single cell, or several that share their units.
pub fn units_may_stand_in_any_order<C: Composed<X, H>, X: Drawn, const H: usize>() {
    // An odd step through an odd or even number of units, and a turn.
    let mut order: [usize; H] = std::array::from_fn(|i| i);
    order.reverse();
    order.rotate_left(H / 3);
    let (mut noise, plain) = (Noise(1), drawn::<Net<C, H>>(2, 1.5));
    let (start, xs, targets) = (noisy::<C::State>(&mut noise), sequence::<X>(&mut noise, 9), noise.classes::<4>(9));
    let orders: [Order<'_>; 2] = [("cell", &[], &order), ("readout", &order, &[])];
    let other = reordered(&plain, &orders);
    let turned = |mut state: C::State| {
        for (_, part) in state.parts() {
            let former = part.to_vec();
            part.iter_mut().zip(order).for_each(|(x, unit)| *x = former[unit]);
        }
        state
    };
    let mut a = replay(&plain, &start, &xs, (&CrossEntropy, &Each(&targets), 1.0));
    let mut b = replay(&other, &turned(start), &xs, (&CrossEntropy, &Each(&targets), 1.0));
    for (a, b) in a.features.iter_mut().zip(&mut b.features) {
        let (a, b) = (copied(a), copied(b));
        assert_close("h", &b, &order.map(|unit| a[unit]), REORDERED);
    }
    for ((_, a), (name, b)) in turned(a.end).parts().into_iter().zip(b.end.parts()) {
        assert_close(name, b, a, REORDERED);
    }
    assert_close("outputs", b.outputs.as_flattened(), a.outputs.as_flattened(), REORDERED);
    let [a_inputs, b_inputs] =
        [&mut a.inputs, &mut b.inputs].map(|g| g.iter_mut().flat_map(copied).collect::<Vec<_>>());
    assert_close("gradient of the inputs", &b_inputs, &a_inputs, REORDERED);
    for ((name, b), (_, a)) in b.start.parts().into_iter().zip(turned(a.start).parts()) {
        assert_close(&format!("gradient of the first {name}"), b, a, REORDERED);
    }
    for ((path, b), (_, a)) in tensors(&*b.gradient).iter().zip(tensors(&reordered(&*a.gradient, &orders))) {
        assert_close(&format!("gradient of {path}"), b, &a, REORDERED);
    }
    assert_ne!(weight_bits(&plain), weight_bits(&other));
}

fn a_reset_repeats_the_bits<C: Composed<X, H>, X: Drawn, const H: usize>() {
    let (network, xs) = (drawn::<Net<C, H>>(3, 1.5), sequence::<X>(&mut Noise(4), 50));
    let run = |state: &mut C::State| -> Vec<u64> {
        let (mut found, end) = features(&network.cell, state, &xs);
        *state = end;
        found.iter_mut().flat_map(copied).map(f64::to_bits).collect()
    };
    let mut state = C::State::ZERO;
    let first = run(&mut state);
    let going_on = run(&mut state);
    state = C::State::ZERO;
    assert_eq!(first, run(&mut state));
    assert_ne!(first, going_on, "a state that is carried matters");
}

fn an_update_moves_every_parameter<C: Composed<X, H>, X: Drawn, const H: usize>() {
    let (mut noise, mut network) = (Noise(5), drawn::<Net<C, H>>(6, 1.5));
    let before = tensors(&network);
    let (start, xs, classes) = (noisy::<C::State>(&mut noise), sequence::<X>(&mut noise, 7), noise.classes::<4>(7));
    let mut workspace = Box::new(Workspace::<_, _, 7, 7>::ZERO);
    let mut trainer = Trainer::new(&mut network, &mut workspace, Config::new(Sgd { rate: 0.1 })).unwrap();
    trainer.update_from(&mut start.clone(), &xs, Each(&classes)).unwrap();
    for ((path, before), (_, after)) in before.iter().zip(tensors(&network)) {
        for (at, (before, after)) in before.iter().zip(after).enumerate() {
            assert!(*before != after && after.is_finite(), "{} {path} {at}: {before} {after}", type_name::<C>());
        }
    }
}

fn slices_of_an_update_are_the_update<C: Composed<X, H>, X: Drawn, const H: usize>() {
    let mut noise = Noise(7);
    let (start, xs, classes) = (noisy::<C::State>(&mut noise), sequence::<X>(&mut noise, 7), noise.classes::<4>(7));
    let update = |slices: bool| {
        let (mut network, mut state) = (drawn::<Net<C, H>>(8, 1.5), start);
        let mut workspace = Box::new(Workspace::<_, _, 7, 7>::ZERO);
        let mut trainer = Trainer::new(&mut network, &mut workspace, Config::new(Sgd { rate: 0.1 })).unwrap();
        let report = if slices {
            crate::in_slices(&mut trainer, &mut state, &xs, Each(&classes)).unwrap()
        } else {
            trainer.update_from(&mut state, &xs, Each(&classes)).unwrap()
        };
        (report.loss.to_bits(), state, weight_bits(&network))
    };
    assert_eq!(update(true), update(false));
}

fn the_bound_holds<C: Composed<X, H>, X: Drawn, const H: usize>() {
    let (mut noise, network) = (Noise(10), drawn::<Net<C, H>>(11, 3.0));
    let (start, xs, classes) = (noisy::<C::State>(&mut noise), sequence::<X>(&mut noise, 20), noise.classes::<4>(20));
    let found = replay(&network, &start, &xs, (&CrossEntropy, &Each(&classes), 1.0));
    let largest = tensors(&*found.gradient).iter().flat_map(|(_, g)| g).fold(0.0, |most: f64, g| most.max(g.abs()));
    assert!(largest <= found.bound, "{}: {largest} {}", type_name::<C>(), found.bound);
    assert!(found.bound <= 1e3 * largest, "{}: {largest} {}", type_name::<C>(), found.bound);
}

/// Checks that all of the state and the outputs are NaN after reading `x`, which is NaN.
pub fn nan_stays_visible<C: Composed<X, H>, X: Drawn, const H: usize>(x: &X) {
    let network = drawn::<Net<C, H>>(12, 1.5);
    let (found, mut end) = features(&network.cell, &C::State::ZERO, std::slice::from_ref(x));
    let mut outputs = [0.0; 4];
    network.readout.forward(&found[0], &mut outputs);
    assert!(outputs.iter().all(|y| y.is_nan()), "{}", type_name::<C>());
    assert!(end.parts().into_iter().flat_map(|(_, part)| part).all(|x| x.is_nan()));
}
