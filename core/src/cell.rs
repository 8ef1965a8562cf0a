//! Recurrent cells: one step of the forward pass and of the backward pass.
//!
//! Going back has two phases. [`Recurrent::step_back`] turns a record's gates into their gradients δ and the gradient of
//! the state after the step into that of the state before it, for t falling. [`Cell::accumulate`] then adds
//! Σ_t δ_t x_tᵀ once, each weight held in a register across time.

use crate::math::{Math, Zero};
use crate::parameters::Parameters;
use crate::part::{Part, Step};

mod activation;
mod affine;
mod elman;
mod embedding;
mod encoder_decoder;
mod fastgrnn;
mod gated;
mod gru;
mod lstm;
mod memoryless;
mod mgu;
mod projection;

pub use activation::{Activation, Relu, Sigmoid, Tanh};
pub use affine::{Affine, Fed, Product};
pub use elman::Elman;
pub use embedding::Embedding;
pub use encoder_decoder::{EncoderDecoder, Side, Turn};
pub use fastgrnn::{Factors, FastGrnn, FastGrnnRecord, FullRank, LowRank, Rank};
pub use gated::{Gated, Record};
pub use gru::{Form, Gru, GruGates, ResetAfter, ResetBefore, ResetBeforeGru};
pub use lstm::{Lstm, LstmState};
pub use mgu::{Mgu, MguGates};
pub use projection::Projection;

pub use crate::parameters::Learns;

/// Step of a window, with the data that the weight gradient needs.
pub struct Taken<'a, C: Recurrent + ?Sized, X> {
    /// Record of the step, with its gates already turned into gradients.
    pub record: &'a C::Record,
    /// State before the step.
    pub before: Before<'a, C>,
    /// Input of the step.
    pub input: &'a X,
}

impl<C: Recurrent + ?Sized, X> Clone for Taken<'_, C, X> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<C: Recurrent + ?Sized, X> Copy for Taken<'_, C, X> {}

/// State before a step, from the record of the previous step or, for the first step of a window, from `start`.
///
/// A stack of cells keeps the state of each layer in the layer's own record, so this is two references, not one
/// state.
pub struct Before<'a, C: Recurrent + ?Sized> {
    /// Record of the previous step, if the window has one.
    pub record: Option<&'a C::Record>,
    /// State before the window.
    pub start: &'a C::State,
}

impl<C: Recurrent + ?Sized> Clone for Before<'_, C> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<C: Recurrent + ?Sized> Copy for Before<'_, C> {}

/// Cell regardless of its input: the record of a step, and the backward pass through the non-linearity.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a cell that learns",
    label = "its parts differ in kind or size, or one of them is not a cell",
    note = "in `EncoderDecoder<A, B>` both are cells of one kind with the same number of units, such as `Gru<2, 8>` and `Gru<5, 8>`",
    note = "a `Bidirectional` layer is not a cell: put it in a `Stacked`, not in an `EncoderDecoder` or another `Bidirectional`"
)]
pub trait Recurrent: Parameters + Part<Math: Math<Scalar = <Self as Parameters>::Scalar>> {
    /// Record of a step for the backward pass. It holds the state after the step.
    type Record: Copy + Zero;
    /// Number of layers with a state of their own.
    const LAYERS: usize = 0;
    /// Returns the output's part of the gradient of a state.
    fn output_mut(state: &mut Self::State) -> &mut Self::Output;
    /// Returns the output after the step, from its record.
    fn recorded(record: &Self::Record) -> &Self::Output;
    /// Turns the gates in `record` into their gradients, and carries `gradient` from the state after the step to the
    /// state before it.
    fn step_back(&self, record: &mut Self::Record, before: Before<'_, Self>, gradient: &mut Self::State);
    /// Calls `look` for each part of a state, or of its gradient, with the index of the layer, the name of the part
    /// (`h`, `c`) and its values; h comes first in each layer.
    fn look_at_state(_state: &Self::State, _look: &mut impl FnMut(usize, &'static str, &[Self::Scalar])) {}
    /// Calls `look` for each gate after a step with the index of the layer, the name of the gate and its values in
    /// \[0, 1\]. The record must not have been through [`step_back`](Self::step_back).
    fn look_at_gates(_record: &Self::Record, _look: &mut impl FnMut(usize, &'static str, &[Self::Scalar])) {}
}

/// Cell that reads inputs of type `X` and learns from them: a step recorded, and the gradient of the weights from the records.
/// With [`Recurrent`] it is all that a cell of your own that is not [`Gated`] has to bring, beside what runs.
///
/// Layers made of cells ask for it. A trainer takes any [`Layer`](crate::Layer), and every cell is one; code that trains cells
/// and lets them step says `C: Layer<X> + Step<X>`.
pub trait Cell<X>: Recurrent + Step<X> + Learns<X> {
    /// Makes a [`step`](Step::step), with the same bits, and leaves the data for the backward pass in `record`.
    fn step_recorded(&self, state: &mut Self::State, x: &X, record: &mut Self::Record);
    /// Adds the gradient with respect to the input, from a record that has been through [`Recurrent::step_back`].
    fn add_input_gradient(&self, record: &Self::Record, gradient: &mut Self::InputGradient);
    /// Upper bound on each element of the gradient that a step adds: max |δ| · max(1, |x|, |h|), the maximum over the
    /// layers. The record has been through [`Recurrent::step_back`].
    fn bound(step: Taken<'_, Self, X>) -> Self::Scalar;
    /// Adds `scale · Σ_t δ_t x_tᵀ` to the part `unit` of `target`, in the order of `steps` (t falling).
    fn accumulate<'a>(
        target: &mut Self::Gradient,
        unit: usize,
        scale: Self::Scalar,
        steps: impl Iterator<Item = Taken<'a, Self, X>> + Clone,
    ) where
        Self: 'a,
        X: 'a;
    /// Does what [`accumulate`](Self::accumulate) does, on the weights themselves: gradient descent without a gradient.
    fn descend<'a>(
        &mut self,
        unit: usize,
        scale: Self::Scalar,
        steps: impl Iterator<Item = Taken<'a, Self, X>> + Clone,
    ) where
        Self: 'a,
        X: 'a;
}
