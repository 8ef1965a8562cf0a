//! Forward and backward pass over a window through the lower level, with all results stored for comparison.

use crate::goal::{Goal, Steps};
use elman::bptt::{Sweep, Window};
use elman::cell::Learns;
use elman::dense::LearnedReadout;
use elman::layer::Place;
use elman::math::Scalar;
use elman::network::Model;
use elman::{Layer, Network, Parameters, Part, Zero};
use std::fmt::Debug;

/// Number of steps of the longest window in the proofs. Each network has one window type and one workspace type, with
/// room for that many steps.
pub const LONGEST: usize = 64;

/// Results of a forward and a backward pass over a window.
#[derive(Clone, Debug)]
pub struct Replay<S, F, Y, G, T, X> {
    /// Outputs of the layers for each step.
    pub features: Vec<F>,
    /// Outputs at each step, with or without a target.
    pub outputs: Vec<Y>,
    /// State after the last step.
    pub end: S,
    /// Outputs of the read-out for the state after the last step.
    pub last: Y,
    /// Loss of the output against the target.
    pub loss: T,
    /// Gradient of every weight.
    pub gradient: Box<G>,
    /// Gradient of the state before the first step.
    pub start: S,
    /// Gradient of the input at each step.
    pub inputs: Vec<X>,
    /// Upper bound on every element of `gradient`.
    pub bound: T,
}

/// Type of the [`Replay`] of a network.
pub type ReplayOf<C, R, X> = Replay<
    <C as Part>::State,
    <C as Part>::Output,
    <Network<C, R> as Model>::Outputs,
    <Network<C, R> as Parameters>::Gradient,
    <C as Parameters>::Scalar,
    <C as Learns<X>>::InputGradient,
>;

/// Runs `xs` forward from `start`, then backward from the loss of `goal`.
pub fn replay<C, R, X>(
    network: &Network<C, R>,
    start: &C::State,
    xs: &[X],
    goal: impl Goal<C::Math, R::Output>,
) -> ReplayOf<C, R, X>
where
    C: Layer<X, State: PartialEq + Debug>,
    R: LearnedReadout<C::Output, Scalar = C::Scalar>,
{
    replay_towards(network, start, xs, &goal)
}

/// Same as [`replay`], but compiled once for all goals.
pub fn replay_towards<C, R, X>(
    network: &Network<C, R>,
    start: &C::State,
    xs: &[X],
    goal: &dyn Goal<C::Math, R::Output>,
) -> ReplayOf<C, R, X>
where
    C: Layer<X, State: PartialEq + Debug>,
    R: LearnedReadout<C::Output, Scalar = C::Scalar>,
{
    let mut window = Box::new(Window::<Network<C, R>, LONGEST, LONGEST>::ZERO);
    window.restart(start);
    let (mut end, steps) = (*start, xs.len());
    // Inputs are a borrowed slice, as in a trainer, so that both share the compiled code.
    for visit in 0..C::PASSES * steps {
        window.forward(network, &mut end, visit, &xs).unwrap();
    }
    let (features, without_tape) = features(&network.cell, start, xs);
    assert_eq!(end, without_tape, "recorded visits are steps");
    let mut sweep = Sweep::ZERO;
    for t in (0..steps).rev().filter(|&t| goal.has(t, steps)) {
        let place = if goal.is_final() { Place::End } else { Place::Step(t) };
        window.score(network, place, (&Steps(goal, steps), &t, goal.scale()), &mut sweep);
    }
    for visit in (0..C::PASSES * steps).rev() {
        window.back(network, visit, &xs, &mut sweep);
    }
    let mut gradient = Box::new(<Network<C, R> as Parameters>::Gradient::ZERO);
    for unit in 0..Window::<Network<C, R>, LONGEST, LONGEST>::units::<X>() {
        window.accumulate(&mut gradient, unit, C::Scalar::ONE, &xs);
    }
    let read = |feature: &C::Output| {
        let mut outputs = R::Output::ZERO;
        network.readout.forward(feature, &mut outputs);
        outputs
    };
    Replay {
        outputs: features.iter().map(read).collect(),
        last: read(C::output(&end)),
        features,
        end,
        loss: sweep.loss,
        gradient,
        start: sweep.state,
        inputs: (0..xs.len()).map(|t| window.input_gradient::<X>(network, t)).collect(),
        bound: sweep.bound,
    }
}

/// Returns a layer's output at each step and its final state, computed without a tape.
pub fn features<C: Layer<X>, X>(cell: &C, start: &C::State, xs: &[X]) -> (Vec<C::Output>, C::State) {
    let (mut state, mut room) = (*start, Box::new(C::Room::<LONGEST>::ZERO));
    (cell.sweep::<LONGEST>(&mut state, xs, &mut room).unwrap().to_vec(), state)
}
