//! Layers: what reads a sequence as a whole and puts something out for each of its steps.
//!
//! Every cell is a layer that goes through the sequence once. A [`Bidirectional`] layer goes through it in both
//! directions, so it cannot [step](crate::Cell::step): its first output needs the last input.
//! [`Trainer`](crate::Trainer) and [`Reader`](crate::Reader) work with any layer.
//!
//! A layer's *visits* are numbered in the order in which it goes forward: visit n of a cell is step n, and a layer that
//! goes through T steps twice has visits 0 to 2T − 1. Back-propagation meets them in the opposite order.
//!
//! ## What applies where
//!
//! *Step*: [`Network::step`](crate::Network::step), a stream without an end. *Tape*: training by back-propagation through
//! time. *Slices*: [`Update::poll`](crate::Update::poll), an update a slice of work at a time. *In place*:
//! [`InPlaceSgd`](crate::InPlaceSgd), training without a gradient in memory. *Truncated*: windows that carry the state see
//! what the whole sequence would. *Checkpointed*: a [`Tape`](crate::Tape) of segments. *Snapshot*: a copy of the state is
//! one. *Streams*: many over one network in flash.
//!
//! | | step | tape | slices | in place | truncated | checkpointed | snapshot | streams |
//! |---|---|---|---|---|---|---|---|---|
//! | [`Elman`] | yes | yes | yes | yes | yes | yes | yes | yes |
//! | [`Gru`] | yes | yes | yes | yes | yes | yes | yes | yes |
//! | [`ResetBeforeGru`] | yes | yes | yes | yes | yes | yes | yes | yes |
//! | [`Lstm`] | yes | yes | yes | yes | yes | yes | yes | yes |
//! | [`Embedding`] | yes | yes | yes | yes | yes | yes | yes | yes |
//! | [`Projection`] | yes | yes | yes | yes | yes | yes | yes | yes |
//! | [`Frozen`] of a cell | yes | yes | yes | yes | yes | yes | yes | yes |
//! | [`Stacked`] of cells | yes | yes | yes | yes | yes | yes | yes | yes |
//! | [`EncoderDecoder`] | yes | yes | yes | yes | yes | yes | yes | yes |
//! | [`Bidirectional`] | no | yes | yes | yes | no | no | no | no |
//! | [`Stacked`] with [`Bidirectional`] | no | yes | yes | yes | no | no | no | no |
//!
//! Stacks may be of any depth. With a bidirectional layer in them they nest to the left,
//! `Stacked<Stacked<Embedding<50, 8>, Bidirectional<Gru<8, 16>>>, Bidirectional<Gru<32, 16>>>`; a cell over a bidirectional
//! layer is not supported, nor is `Frozen` around one: freeze its two cells.
//!
//! [`Elman`]: crate::Elman
//! [`Gru`]: crate::Gru
//! [`ResetBeforeGru`]: crate::ResetBeforeGru
//! [`Lstm`]: crate::Lstm
//! [`Embedding`]: crate::Embedding
//! [`Projection`]: crate::Projection
//! [`Frozen`]: crate::Frozen
//! [`Stacked`]: crate::Stacked
//! [`EncoderDecoder`]: crate::EncoderDecoder

use crate::error::SequenceError;
use crate::math::{Magnitude, Math, Zero};
use crate::parameters::Parameters;
use core::ops::Range;

mod bidirectional;
mod cell;
mod join;
mod stacked;

pub use bidirectional::{Bidirectional, Directions};
pub use join::{Add, Concat, Join, Multiply};
pub use stacked::Between;

/// Where an output stands in a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// At a step, from 0 on.
    Step(usize),
    /// At the end of each direction: after the last step of the forward one, after the first of the backward one.
    End,
}

/// A layer whatever it reads: its state, its tape, and its outputs on that tape.
pub trait Sequential: Parameters {
    /// The functions it calls.
    type Math: Math<Scalar = Self::Scalar>;
    /// What it starts from, then what it ends with: one state for each direction.
    type State: Copy + Zero + Magnitude<Scalar = Self::Scalar>;
    /// What the next layer reads at a step.
    type Output: Copy + Zero + Magnitude<Scalar = Self::Scalar>;
    /// A copy of an output where the tape holds none; `()` for a cell, whose records do.
    type Kept: Copy + Zero;
    /// What up to `T` steps leave behind for the way back, or `P`·`T` if it can be checkpointed.
    type Tape<const T: usize, const P: usize>: Zero;
    /// Room for the outputs of up to `T` steps, this layer's and those below it.
    type Outputs<const T: usize>: Zero;
    /// How often it goes through a sequence. What goes through it once may be checkpointed, and needs no gradient of the
    /// steps after the last target.
    const PASSES: usize;

    /// Forgets all visits; the next starts from `state`.
    fn restart<const T: usize, const P: usize>(tape: &mut Self::Tape<T, P>, state: &Self::State);
    /// The visits whose records are there.
    fn held<const T: usize, const P: usize>(tape: &Self::Tape<T, P>) -> Range<usize>;
    /// Forgets the visits from `end` on, if it goes through a sequence once.
    fn truncate<const T: usize, const P: usize>(tape: &mut Self::Tape<T, P>, end: usize);
    /// What must be kept of the output at `place`. `None` if it is not held.
    fn keep<const T: usize, const P: usize>(tape: &Self::Tape<T, P>, place: Place) -> Option<Self::Kept>;
    /// The output at `place`, of which `kept` was kept. `None` if it is not held.
    fn kept<'a, const T: usize, const P: usize>(
        tape: &'a Self::Tape<T, P>,
        place: Place,
        kept: &'a Self::Kept,
    ) -> Option<&'a Self::Output>;
    /// The output at the [end](Place::End) of each direction, from the state reached.
    fn end(state: &Self::State) -> Self::Output;
}

/// A layer that reads sequences of `X`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no layer that reads `{X}`",
    note = "each layer must read what the one below puts out",
    note = "stacks with a bidirectional layer nest to the left: `Stacked<Stacked<A, B>, C>`; no cell may lie over one"
)]
pub trait Layer<X>: Sequential {
    /// The gradient with respect to the input of a step.
    type InputGradient: Zero;
    /// Slices of bounded work in which the weight gradient is accumulated.
    const UNITS: usize;
    /// The largest absolute value of an input; NaN if one is NaN.
    fn input_magnitude(x: &X) -> Self::Scalar;

    /// Visit `visit` of the sequence `xs`; for each visit in its order.
    ///
    /// # Errors
    /// [`SequenceError::TooLong`] if the tape is full; `state` is as before.
    fn forward<const T: usize, const P: usize>(
        &self,
        tape: &mut Self::Tape<T, P>,
        state: &mut Self::State,
        visit: usize,
        xs: &[X],
    ) -> Result<(), SequenceError>;

    /// A visit of an earlier segment of a checkpointed tape again, as [`Tape::repeat`](crate::Tape::repeat).
    fn repeat<const T: usize, const P: usize>(&self, tape: &mut Self::Tape<T, P>, visit: usize, xs: &[X]);

    /// A visit on the way back: its record becomes gradients, and `gradient` of the state after it that of the state before
    /// it. `source` adds the gradient of the output at a place. Returns what no element of the gradient that the visit adds
    /// to the weights is larger than.
    fn back<const T: usize, const P: usize>(
        &self,
        tape: &mut Self::Tape<T, P>,
        visit: usize,
        xs: &[X],
        gradient: &mut Self::State,
        source: impl Fn(Place, &mut Self::Output),
    ) -> Self::Scalar;

    /// Adds the gradient with respect to the input of a step, once the way back has passed all its visits.
    fn add_input_gradient<const T: usize, const P: usize>(
        &self,
        tape: &Self::Tape<T, P>,
        step: usize,
        gradient: &mut Self::InputGradient,
    );

    /// Adds `scale · Σ_t δ_t x_tᵀ` to the part `unit` of `target`, the last visit first.
    fn accumulate<const T: usize, const P: usize>(
        target: &mut Self::Gradient,
        unit: usize,
        scale: Self::Scalar,
        tape: &Self::Tape<T, P>,
        xs: &[X],
    );

    /// As [`accumulate`](Self::accumulate), on the weights themselves: gradient descent without a gradient.
    fn descend<const T: usize, const P: usize>(
        &mut self,
        unit: usize,
        scale: Self::Scalar,
        tape: &Self::Tape<T, P>,
        xs: &[X],
    );

    /// The outputs for all of `xs`, with the bits of [`forward`](Self::forward), without a tape; moves `state` on.
    ///
    /// # Errors
    /// [`SequenceError::TooLong`] if `xs` are more than `T`; `state` is as before.
    fn outputs<'r, const T: usize>(
        &self,
        state: &mut Self::State,
        xs: &[X],
        room: &'r mut Self::Outputs<T>,
    ) -> Result<&'r [Self::Output], SequenceError>;
}
