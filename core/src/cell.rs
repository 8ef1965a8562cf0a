//! Recurrent cells: one step of the forward pass and of the backward pass.
//!
//! The backward pass has two phases. For each step, the last one first, [`Recurrent::step_back`] turns the gates in the
//! step's record into their gradients δ_t, and the gradient of the state after the step into that of the state before
//! it. [`Cell::accumulate`] then adds Σ_t δ_t x_tᵀ, with each weight held in a register over all steps.

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

/// Step of a window, with the data from which its weight gradient is computed.
pub struct Taken<'a, C: Recurrent + ?Sized, X> {
    /// Record of the step, in which the gates have been turned into gradients.
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

/// State before a step: in the record of the previous step or, for the first step of a window, in `start`.
///
/// These are two references instead of one state, because a stack of cells keeps each layer's state in that layer's
/// record.
pub struct Before<'a, C: Recurrent + ?Sized> {
    /// Record of the previous step; `None` for the first step of the window.
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

/// Part of a learning cell that does not depend on its input type: the record of a step, and the backward pass
/// from state to state.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a cell that learns",
    label = "its parts differ in kind or size, or one of them is not a cell",
    note = "in `EncoderDecoder<A, B>` both are cells of one kind with the same number of units, such as `Gru<2, 8>` and `Gru<5, 8>`",
    note = "a `Bidirectional` layer is not a cell: put it in a `Stacked`, not in an `EncoderDecoder` or another `Bidirectional`"
)]
pub trait Recurrent: Parameters + Part<Math: Math<Scalar = <Self as Parameters>::Scalar>> {
    /// Record of a step for the backward pass. It holds the state after the step.
    type Record: Copy + Zero;
    /// Number of recurrent layers; 0 for a part without memory, such as an embedding.
    const LAYERS: usize = 0;
    /// Returns the output within a state, or the gradient of the output within the gradient of a state.
    fn output_mut(state: &mut Self::State) -> &mut Self::Output;
    /// Returns the output after the step, from its record.
    fn recorded(record: &Self::Record) -> &Self::Output;
    /// Turns the gates in `record` into their gradients, and `gradient` from the gradient of the state after the step
    /// into the gradient of the state before it.
    fn step_back(&self, record: &mut Self::Record, before: Before<'_, Self>, gradient: &mut Self::State);
    /// Calls `look` for each part of a state, or of the gradient of a state, with the index of the layer, the name of
    /// the part (`h` or `c`) and its values; h comes first in each layer.
    fn look_at_state(_state: &Self::State, _look: &mut impl FnMut(usize, &'static str, &[Self::Scalar])) {}
    /// Calls `look` for each gate in the record of a step, with the index of the layer, the name of the gate and its
    /// values in \[0, 1\]. Must be called before [`step_back`](Self::step_back), which overwrites the gates.
    fn look_at_gates(_record: &Self::Record, _look: &mut impl FnMut(usize, &'static str, &[Self::Scalar])) {}
}

/// Cell that reads inputs of type `X` and learns from them: it records steps, and computes the weight gradient from the
/// records. A cell of your own that is not [`Gated`] implements this trait and [`Recurrent`], in addition to the traits
/// for inference in [`part`](crate::part).
///
/// Layers made of cells require it. A trainer takes any [`Layer`](crate::Layer), and every cell is one; code that both
/// trains a cell and steps it needs the bound `C: Layer<X> + Step<X>`.
pub trait Cell<X>: Recurrent + Step<X> + Learns<X> {
    /// Runs one [`step`](Step::step), with the same bits, and writes the data for the backward pass to `record`.
    fn step_recorded(&self, state: &mut Self::State, x: &X, record: &mut Self::Record);
    /// Adds the gradient with respect to the input to `gradient`. The record must have been through
    /// [`Recurrent::step_back`].
    fn add_input_gradient(&self, record: &Self::Record, gradient: &mut Self::InputGradient);
    /// Returns an upper bound on each element of the weight gradient that a step adds: max |δ| · max(1, |x|, |h|), the
    /// largest over all layers. The step's record must have been through [`Recurrent::step_back`].
    fn bound(step: Taken<'_, Self, X>) -> Self::Scalar;
    /// Adds `scale · Σ_t δ_t x_tᵀ` to part `unit` of `target`, in the order of `steps` (t falling).
    fn accumulate<'a>(
        target: &mut Self::Gradient,
        unit: usize,
        scale: Self::Scalar,
        steps: impl Iterator<Item = Taken<'a, Self, X>> + Clone,
    ) where
        Self: 'a,
        X: 'a;
    /// Adds to the weights themselves what [`accumulate`](Self::accumulate) adds to a gradient: gradient descent
    /// without memory for a gradient.
    fn descend<'a>(
        &mut self,
        unit: usize,
        scale: Self::Scalar,
        steps: impl Iterator<Item = Taken<'a, Self, X>> + Clone,
    ) where
        Self: 'a,
        X: 'a;
}
