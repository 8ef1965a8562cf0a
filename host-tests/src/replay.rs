//! A window forward and back through the lower level, everything it finds kept to be compared.

use elman::bptt::{Sweep, Window};
use elman::{Cell, Loss, Model, Network, Parameters, Readout, Recurrent, Scalar, Targets, Zero};

/// The longest window the proofs replay.
const LONGEST: usize = 64;

/// What a window forward and back found.
#[derive(Clone, Debug)]
pub struct Replay<S, Y, G, T, X> {
    /// The state after each step.
    pub states: Vec<S>,
    /// The outputs at each step, whether or not it has a target.
    pub outputs: Vec<Y>,
    /// The loss.
    pub loss: T,
    /// The gradient of every weight.
    pub gradient: Box<G>,
    /// The gradient of the state before the first step.
    pub start: S,
    /// The gradient of the input of each step.
    pub inputs: Vec<X>,
    /// No element of `gradient` is larger than this.
    pub bound: T,
}

/// The [`Replay`] of a network.
pub type ReplayOf<C, R, X> = Replay<
    <C as Recurrent>::State,
    <Network<C, R> as Model>::Outputs,
    <Network<C, R> as Parameters>::Gradient,
    <C as Parameters>::Scalar,
    <C as Cell<X>>::InputGradient,
>;

/// Runs `xs` from `start`, with `scale` times the loss.
pub fn replay<C, R, X, L>(
    network: &Network<C, R>,
    start: &C::State,
    xs: &[X],
    (loss, targets, scale): (&L, &impl Targets<L::Target>, C::Scalar),
) -> ReplayOf<C, R, X>
where
    C: Cell<X>,
    R: Readout<C::Output, Scalar = C::Scalar>,
    L: Loss<C::Math, R::Output>,
    C::State: PartialEq + std::fmt::Debug,
{
    let mut window = Box::new(Window::<Network<C, R>, LONGEST, LONGEST>::ZERO);
    window.restart(start);
    let (mut states, mut outputs) = (Vec::new(), Vec::new());
    let (mut state, mut stepped) = (*start, *start);
    for x in xs {
        window.push(network, &mut state, x).unwrap();
        outputs.push(network.step(&mut stepped, x));
        assert_eq!(state, stepped, "a recorded step is a step");
        states.push(state);
    }
    let mut sweep = Sweep::ZERO;
    for (t, x) in xs.iter().enumerate().rev() {
        let target = targets.at(t, xs.len());
        window.step_back(network, (t, x), (loss, target, scale), &mut sweep);
    }
    let mut gradient = Box::new(<Network<C, R> as Parameters>::Gradient::ZERO);
    for unit in 0..Window::<Network<C, R>, LONGEST, LONGEST>::units::<X>() {
        window.accumulate(&mut gradient, unit, C::Scalar::ONE, xs);
    }
    let inputs = (0..xs.len()).map(|t| window.input_gradient::<X>(network, t).unwrap()).collect();
    Replay { states, outputs, loss: sweep.loss, gradient, start: sweep.state, inputs, bound: sweep.bound }
}
