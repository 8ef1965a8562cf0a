//! Properties of every cell and composition, whatever its equations.
//!
//! Only passes over a window and updates are compiled for each network; their results are compared as lists of
//! numbers. Windows and workspaces have room for [`LONGEST`] steps, as in the other proofs, so that all use the same
//! code; `tests/training/checkpoint.rs` proves that more room changes no bit.

use crate::cells::{Composed, Drawn, Net, noisy, sequence};
use crate::numbers::copied;
use crate::plain::drawn_in_bytes;
use crate::precision::{Tensors, bits, tensors, weight_bits};
use crate::reordered::{Order, reordered};
use crate::replay::{LONGEST, features};
use crate::stored::{Parts, from_parts, parts};
use crate::tolerance::REORDERED;
use crate::{Noise, assert_close, in_slices, replay, walk};
use elman::trainer::Report;
use elman::{Class, Config, CrossEntropy, Each, Sgd, Trainer, Workspace, Zero};
use std::any::type_name;

/// Checks every property of a cell.
pub fn properties<C: Composed<[f64; I], H>, const I: usize, const H: usize>() {
    units_may_stand_in_any_order::<C, [f64; I], H>();
    properties_reading::<C, [f64; I], H>();
    nan_stays_visible::<C, [f64; I], H>(&[f64::NAN; I]);
}

/// Checks the properties that also hold for compositions, for any type of input.
pub fn properties_reading<C: Composed<X, H>, X: Drawn, const H: usize>() {
    a_walk_meets_what_is_viewed::<C, X, H>();
    a_reset_repeats_the_bits::<C, X, H>();
    an_update_moves_every_parameter::<C, X, H>();
    slices_of_an_update_are_the_update::<C, X, H>();
    the_bound_holds::<C, X, H>();
}

/// Results of a forward and a backward pass over a window.
struct Found {
    features: Vec<Vec<f64>>,
    outputs: Vec<f64>,
    end: Parts,
    start: Parts,
    inputs: Vec<f64>,
    gradient: Tensors,
    bound: f64,
}

/// Replays a window with a class for each step. Also returns the gradient as the network's own type.
fn found<C: Composed<X, H>, X: Drawn, const H: usize>(
    network: &Net<C, H>,
    start: &C::State,
    xs: &[X],
    classes: &[Class<4>],
) -> (Found, Box<Net<C, H>>) {
    let mut found = replay(network, start, xs, (&CrossEntropy, &Each(classes), 1.0));
    let numbers = Found {
        features: found.features.iter_mut().map(copied).collect(),
        outputs: found.outputs.concat(),
        end: parts(found.end),
        start: parts(found.start),
        inputs: found.inputs.iter_mut().flat_map(copied).collect(),
        gradient: tensors(&*found.gradient),
        bound: found.bound,
    };
    (numbers, found.gradient)
}

/// Checks that the order of units does not matter, for one cell or for several whose units are reordered together.
pub fn units_may_stand_in_any_order<C: Composed<X, H>, X: Drawn, const H: usize>() {
    let order = &another_order(H)[..];
    let (mut noise, plain) = (Noise(1), drawn_in_bytes::<Net<C, H>>(2, 1.5));
    let (start, xs, classes) = (noisy::<C::State>(&mut noise), sequence::<X>(&mut noise, 9), noise.classes::<4>(9));
    let orders: [Order<'_>; 2] = [("cell", &[], order), ("readout", order, &[])];
    let other = reordered(&plain, &orders);
    let (mut a, gradient) = found(&plain, &start, &xs, &classes);
    let (b, _) = found(&other, &from_parts(&turned(&parts(start), order)), &xs, &classes);
    a.gradient = tensors(&reordered(&*gradient, &orders));
    assert_turned(&a, &b, order);
    assert_ne!(weight_bits(&plain), weight_bits(&other));
}

/// Returns the units in reverse, rotated by a third of their number.
fn another_order(units: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..units).rev().collect();
    order.rotate_left(units / 3);
    order
}

fn turned(parts: &Parts, order: &[usize]) -> Parts {
    parts.iter().map(|(name, part)| (*name, moved(part, order))).collect()
}

fn moved(units: &[f64], order: &[usize]) -> Vec<f64> {
    order.iter().map(|&unit| units[unit]).collect()
}

/// Checks that the results `b` are those of `a` with the units in another order; the weight gradients in `a` are
/// already in that order.
fn assert_turned(a: &Found, b: &Found, order: &[usize]) {
    assert_eq!(a.features.len(), b.features.len());
    for (a, b) in a.features.iter().zip(&b.features) {
        assert_close("h", b, &moved(a, order), REORDERED);
    }
    assert_close("outputs", &b.outputs, &a.outputs, REORDERED);
    assert_close("gradient of the inputs", &b.inputs, &a.inputs, REORDERED);
    for (what, a, b) in [("last", &a.end, &b.end), ("gradient of the first", &a.start, &b.start)] {
        for ((name, b), (_, a)) in b.iter().zip(turned(a, order)) {
            assert_close(&format!("{what} {name}"), b, &a, REORDERED);
        }
    }
    for ((path, b), (_, a)) in b.gradient.iter().zip(&a.gradient) {
        assert_close(&format!("gradient of {path}"), b, a, REORDERED);
    }
}

/// Checks that [`walk::change`] and [`walk::read`] visit the same tensors in the same order: proofs change copies
/// built from the tensors that are read.
fn a_walk_meets_what_is_viewed<C: Composed<X, H>, X: Drawn, const H: usize>() {
    let mut network = drawn_in_bytes::<Net<C, H>>(13, 1.5);
    let (mut viewed, mut walked) = (Vec::new(), Vec::new());
    walk::read(&network, &mut |tensor, numbers| viewed.push((format!("{tensor:?}"), bits(numbers))));
    walk::change(&mut network, &mut |tensor, numbers| walked.push((format!("{tensor:?}"), bits(numbers))));
    assert_eq!(walked, viewed);
}

fn a_reset_repeats_the_bits<C: Composed<X, H>, X: Drawn, const H: usize>() {
    let (network, xs) = (drawn_in_bytes::<Net<C, H>>(3, 1.5), sequence::<X>(&mut Noise(4), 50));
    let run = |state: &mut C::State| -> Vec<u64> {
        let (mut found, end) = features(&network.cell, state, &xs);
        *state = end;
        bits(&found.iter_mut().flat_map(copied).collect::<Vec<f64>>())
    };
    let mut state = C::State::ZERO;
    let first = run(&mut state);
    let going_on = run(&mut state);
    state = C::State::ZERO;
    assert_eq!(first, run(&mut state));
    assert_ne!(first, going_on, "a state that is carried matters");
}

/// Performs one update on a random window, whole or in slices, and returns its report and the state after it.
fn updated<C: Composed<X, H>, X: Drawn, const H: usize>(
    network: &mut Net<C, H>,
    noise: &mut Noise,
    sliced: bool,
) -> (Report<f64>, Parts) {
    let (mut state, xs, classes) = (noisy(noise), sequence::<X>(noise, 7), noise.classes::<4>(7));
    let (xs, classes) = (&xs[..], Each(&classes));
    let mut workspace = Box::new(Workspace::<_, _, LONGEST, LONGEST>::ZERO);
    let mut trainer = Trainer::new(network, &mut workspace, Config::new(Sgd { rate: 0.1 })).unwrap();
    let report = if sliced {
        in_slices(&mut trainer, &mut state, xs, classes).unwrap()
    } else {
        trainer.update_from(&mut state, xs, classes).unwrap()
    };
    (report, parts(state))
}

fn an_update_moves_every_parameter<C: Composed<X, H>, X: Drawn, const H: usize>() {
    let mut network = drawn_in_bytes::<Net<C, H>>(6, 1.5);
    let before = tensors(&network);
    updated::<C, X, H>(&mut network, &mut Noise(5), false);
    assert_moved(type_name::<C>(), &before, &tensors(&network));
}

fn assert_moved(name: &str, before: &Tensors, after: &Tensors) {
    for ((path, before), (_, after)) in before.iter().zip(after) {
        for (at, (before, after)) in before.iter().zip(after).enumerate() {
            assert!(before != after && after.is_finite(), "{name} {path} {at}: {before} {after}");
        }
    }
}

fn slices_of_an_update_are_the_update<C: Composed<X, H>, X: Drawn, const H: usize>() {
    let update = |sliced| {
        let mut network = drawn_in_bytes::<Net<C, H>>(8, 1.5);
        let (report, state) = updated::<C, X, H>(&mut network, &mut Noise(7), sliced);
        let state: Vec<f64> = state.into_iter().flat_map(|(_, part)| part).collect();
        (report.loss.to_bits(), bits(&state), weight_bits(&network))
    };
    assert_eq!(update(true), update(false));
}

fn the_bound_holds<C: Composed<X, H>, X: Drawn, const H: usize>() {
    let (mut noise, network) = (Noise(10), drawn_in_bytes::<Net<C, H>>(11, 3.0));
    let (start, xs, classes) = (noisy::<C::State>(&mut noise), sequence::<X>(&mut noise, 20), noise.classes::<4>(20));
    assert_bound(type_name::<C>(), &found(&network, &start, &xs, &classes).0);
}

fn assert_bound(name: &str, Found { gradient, bound, .. }: &Found) {
    let largest = gradient.iter().flat_map(|(_, g)| g).fold(0.0, |most: f64, g| most.max(g.abs()));
    assert!(largest <= *bound, "{name}: {largest} {bound}");
    assert!(*bound <= 1e3 * largest, "{name}: {largest} {bound}");
}

/// Checks that the whole state and the outputs are NaN after reading `x`, which is NaN.
pub fn nan_stays_visible<C: Composed<X, H>, X: Drawn, const H: usize>(x: &X) {
    let network = drawn_in_bytes::<Net<C, H>>(12, 1.5);
    let (found, end) = features(&network.cell, &C::State::ZERO, std::slice::from_ref(x));
    let mut outputs = [0.0; 4];
    elman::dense::Readout::forward(&network.readout, &found[0], &mut outputs);
    assert!(outputs.iter().all(|y| y.is_nan()), "{}", type_name::<C>());
    assert!(parts(end).into_iter().flat_map(|(_, part)| part).all(|x| x.is_nan()), "{}", type_name::<C>());
}
