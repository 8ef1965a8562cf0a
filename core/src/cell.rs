//! Recurrent cells: what one step computes, and how its gradient comes back.
//!
//! Going back has two phases. [`Recurrent::step_back`] turns a record's gates into their gradients δ and the gradient of
//! the state after the step into that of the state before it, for t falling. [`Cell::accumulate`] then adds
//! Σ_t δ_t x_tᵀ once, each weight held in a register across time.

use crate::math::{Magnitude, Math, Zero};
use crate::parameters::Parameters;

mod activation;
mod affine;
mod elman;
mod embedding;
mod encoder_decoder;
mod frozen;
mod gated;
mod gru;
mod lstm;
mod memoryless;
mod projection;
mod stacked;

pub use activation::{Activation, Relu, Sigmoid, Tanh};
pub use affine::{Affine, Deltas, Fed, Reads};
pub use elman::Elman;
pub use embedding::Embedding;
pub use encoder_decoder::{EncoderDecoder, Side, TakesOver, Turn};
pub use frozen::Frozen;
pub use gated::{Gated, Record};
pub use gru::{Form, Gru, GruGates, ResetAfter, ResetBefore, ResetBeforeGru};
pub use lstm::{Lstm, LstmState};
pub use projection::Projection;
pub use stacked::{Pair, Stacked};

/// One step of a window, as the gradient of the weights needs it.
pub struct Step<'a, C: Recurrent + ?Sized, X> {
    /// What the step left, its gates already turned into gradients.
    pub record: &'a C::Record,
    /// Where the state before the step stands.
    pub before: Before<'a, C>,
    /// What the step read.
    pub input: &'a X,
}

impl<C: Recurrent + ?Sized, X> Clone for Step<'_, C, X> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<C: Recurrent + ?Sized, X> Copy for Step<'_, C, X> {}

/// The state before a step: in the record of the step before it, or for the first step of a window, `start`.
///
/// A stack of cells keeps the state of each layer in the layer's own record, so this is two references, not one state.
pub struct Before<'a, C: Recurrent + ?Sized> {
    /// The record of the step before, if there is one in the window.
    pub record: Option<&'a C::Record>,
    /// The state before the window.
    pub start: &'a C::State,
}

impl<C: Recurrent + ?Sized> Clone for Before<'_, C> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<C: Recurrent + ?Sized> Copy for Before<'_, C> {}

/// A cell whatever it reads: its state, its record of a step, and the way back through its non-linearity.
pub trait Recurrent: Parameters {
    /// The functions it calls.
    type Math: Math<Scalar = Self::Scalar>;
    /// What it carries from step to step, a plain value: copying it is a snapshot, `ZERO` a reset.
    type State: Copy + Zero + Magnitude<Scalar = Self::Scalar>;
    /// What a step leaves behind for the way back. It holds the state after the step.
    type Record: Copy + Zero;
    /// What the next layer reads: the hidden state.
    type Output: Copy + Zero + Magnitude<Scalar = Self::Scalar>;
    /// The output within a state.
    fn output(state: &Self::State) -> &Self::Output;
    /// The gradient of the output within the gradient of a state.
    fn output_mut(state: &mut Self::State) -> &mut Self::Output;
    /// The output after the step, within its record.
    fn recorded(record: &Self::Record) -> &Self::Output;
    /// Turns the gates in `record` into their gradients, and `gradient` of the state after the step into that of the state
    /// before it.
    fn step_back(&self, record: &mut Self::Record, before: Before<'_, Self>, gradient: &mut Self::State);
}

/// A cell that reads inputs of type `X`. A step cannot fail: NaN stays visible, and the tasks check what they are given.
pub trait Cell<X>: Recurrent {
    /// The gradient with respect to the input.
    type InputGradient: Zero;
    /// Slices of bounded work in which the weight gradient is accumulated.
    const UNITS: usize;
    /// The largest absolute value of an input; NaN if one is NaN.
    fn input_magnitude(x: &X) -> Self::Scalar;
    /// One step: `state` becomes the state after reading `x`.
    fn step(&self, state: &mut Self::State, x: &X);
    /// As [`step`](Self::step), with the same bits, leaving in `record` what the way back needs.
    fn step_recorded(&self, state: &mut Self::State, x: &X, record: &mut Self::Record);
    /// Adds the gradient with respect to the input, from a record that went through [`Recurrent::step_back`].
    fn add_input_gradient(&self, record: &Self::Record, gradient: &mut Self::InputGradient);
    /// No element of the gradient that a step adds is larger than this: max |δ| · max(1, |x|, |h|), the largest of its
    /// layers. The record went through [`Recurrent::step_back`].
    fn bound(step: Step<'_, Self, X>) -> Self::Scalar;
    /// Adds `scale · Σ_t δ_t x_tᵀ` to the part `unit` of `target`, in the order of `steps` (t falling).
    fn accumulate<'a>(
        target: &mut Self::Gradient,
        unit: usize,
        scale: Self::Scalar,
        steps: impl Iterator<Item = Step<'a, Self, X>> + Clone,
    ) where
        Self: 'a,
        X: 'a;
    /// As [`accumulate`](Self::accumulate), on the weights themselves: gradient descent without a gradient.
    fn descend<'a>(&mut self, unit: usize, scale: Self::Scalar, steps: impl Iterator<Item = Step<'a, Self, X>> + Clone)
    where
        Self: 'a,
        X: 'a;
}
