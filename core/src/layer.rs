//! Layers, which read a sequence as a whole and give an output for each of its steps.
//!
//! Every cell is a layer that passes over the sequence once. A [`Bidirectional`] layer passes over it in both
//! directions, so it cannot [step](crate::part::Step::step): its first output needs the last input.
//! [`Trainer`](crate::Trainer) and [`Reader`](crate::Reader) work with any layer.
//!
//! A layer's *visits* are numbered in the order of the forward pass: visit n of a cell is step n, and a layer
//! that passes over T steps twice has visits 0 to 2T − 1. Back-propagation takes them in reverse order.
//!
//! ## Features by layer
//!
//! *Step*: [`Network::step`](crate::Network::step), a stream without an end. *Tape*: training by back-propagation through
//! time. *Slices*: [`Trainer::poll`](crate::Trainer::poll), an update a slice of work at a time. *In place*:
//! [`InPlaceSgd`](crate::optim::InPlaceSgd), training without a gradient in memory. *Truncated*: windows that carry the state see
//! what the whole sequence would. *Checkpointed*: a [`Tape`](crate::tape::Tape) of segments. *Snapshot*: a copy of the state is
//! one. *Streams*: many over one network in flash.
//!
//! | | step | tape | slices | in place | truncated | checkpointed | snapshot | streams |
//! |---|---|---|---|---|---|---|---|---|
//! | [`Elman`] | yes | yes | yes | yes | yes | yes | yes | yes |
//! | [`Gru`] | yes | yes | yes | yes | yes | yes | yes | yes |
//! | [`ResetBeforeGru`] | yes | yes | yes | yes | yes | yes | yes | yes |
//! | [`Lstm`] | yes | yes | yes | yes | yes | yes | yes | yes |
//! | [`Mgu`] | yes | yes | yes | yes | yes | yes | yes | yes |
//! | [`FastGrnn`] | yes | yes | yes | yes | yes | yes | yes | yes |
//! | [`Embedding`] | yes | yes | yes | yes | yes | yes | yes | yes |
//! | [`Projection`] | yes | yes | yes | yes | yes | yes | yes | yes |
//! | [`Frozen`] of a cell | yes | yes | yes | yes | yes | yes | yes | yes |
//! | [`Stacked`] of cells | yes | yes | yes | yes | yes | yes | yes | yes |
//! | [`EncoderDecoder`] | yes | yes | yes | yes | yes | yes | yes | yes |
//! | [`Bidirectional`] | no | yes | yes | yes | no | no | no | no |
//! | [`Stacked`] with [`Bidirectional`] | no | yes | yes | yes | no | no | no | no |
//!
//! Stacks may have any depth and nest either way, with bidirectional layers anywhere in them, and [`Frozen`] can
//! wrap any layer.
//!
//! [`Elman`]: crate::Elman
//! [`Gru`]: crate::Gru
//! [`ResetBeforeGru`]: crate::ResetBeforeGru
//! [`Lstm`]: crate::Lstm
//! [`Mgu`]: crate::Mgu
//! [`FastGrnn`]: crate::FastGrnn
//! [`Embedding`]: crate::Embedding
//! [`Projection`]: crate::Projection
//! [`Frozen`]: crate::Frozen
//! [`Stacked`]: crate::Stacked
//! [`EncoderDecoder`]: crate::EncoderDecoder

use crate::error::SequenceError;
use crate::inputs::Inputs;
use crate::math::{Math, Zero};
use crate::parameters::{Learns, Parameters};
use crate::part::{Part, Sweep};
use core::ops::Range;

mod bidirectional;
mod cell;
mod directions;
mod join;

pub use bidirectional::Bidirectional;
pub(crate) use bidirectional::join;
pub use directions::{Directions, Ends};
pub use join::{Add, Concat, Join, Multiply};

/// Position of an output in a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// At a step, counted from 0.
    Step(usize),
    /// At the end of each direction: after the last step of the forward direction and the first step of the backward
    /// one.
    End,
}

/// Layer regardless of its input: its tape, and its outputs on that tape.
#[diagnostic::on_unimplemented(
    message = "the layers of `{Self}` do not fit together",
    label = "the sizes or number types of two layers differ",
    note = "in `Stacked<A, B>`, the first size of `B` is the number of units of `A`, and both need the same number type"
)]
pub trait Sequential: Parameters + Part<Math: Math<Scalar = <Self as Parameters>::Scalar>> {
    /// Copy of an output that the tape does not hold; `()` for a cell, whose records hold it.
    type Kept: Copy + Zero;
    /// Records of up to `T` steps for the backward pass, or of `P`·`T` if the layer can be checkpointed.
    type Tape<const T: usize, const P: usize>: Zero;
    /// Number of passes over a sequence. A layer with one pass can be checkpointed, and needs no gradient of the
    /// steps after the last target.
    const PASSES: usize;

    /// Discards all visits; the next one starts from `state`.
    fn restart<const T: usize, const P: usize>(tape: &mut Self::Tape<T, P>, state: &Self::State);
    /// Returns the visits whose records are held.
    fn held<const T: usize, const P: usize>(tape: &Self::Tape<T, P>) -> Range<usize>;
    /// Discards the visits from `end` on, if the layer has one pass.
    fn truncate<const T: usize, const P: usize>(tape: &mut Self::Tape<T, P>, end: usize);
    /// Copies the output at `place`, unless the tape holds it. Returns `None` if the place was not reached.
    fn keep<const T: usize, const P: usize>(tape: &Self::Tape<T, P>, place: Place) -> Option<Self::Kept>;
    /// Returns the output at `place`, for which `kept` was kept; `None` if it is not held.
    fn kept<'a, const T: usize, const P: usize>(
        tape: &'a Self::Tape<T, P>,
        place: Place,
        kept: &'a Self::Kept,
    ) -> Option<&'a Self::Output>;
    /// Returns the outputs of the steps in `range`, as far as they are held; `kept` was kept step by step.
    fn outputs<'a, const T: usize, const P: usize>(
        tape: &'a Self::Tape<T, P>,
        kept: &'a [Self::Kept],
        range: Range<usize>,
    ) -> impl DoubleEndedIterator<Item = &'a Self::Output> + Clone
    where
        Self: 'a;
}

/// Layer that reads sequences of `X` and learns from them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not learn from a sequence of `{X}`",
    label = "the sizes or number types differ: the first size of a layer is the number of values, or symbols, that it reads",
    note = "samples are arrays such as `[f32; 3]`, or tokens; all layers need the same number type"
)]
pub trait Layer<X>: Sequential + Learns<X> + Sweep<X> {
    /// Makes visit `visit` of the sequence `xs`; call it for each visit in order.
    ///
    /// # Errors
    /// [`SequenceError::TooLong`] if the tape is full; `state` is unchanged.
    fn forward<const T: usize, const P: usize>(
        &self,
        tape: &mut Self::Tape<T, P>,
        state: &mut Self::State,
        visit: usize,
        xs: &(impl Inputs<X> + ?Sized),
    ) -> Result<(), SequenceError>;

    /// A visit of an earlier segment of a checkpointed tape again, as [`Tape::repeat`](crate::tape::Tape::repeat).
    fn repeat<const T: usize, const P: usize>(
        &self,
        tape: &mut Self::Tape<T, P>,
        visit: usize,
        xs: &(impl Inputs<X> + ?Sized),
    );

    /// Makes a visit of the backward pass: turns its record into gradients, and carries `gradient` from the state
    /// after it to the state before it. `source` takes the output at a place and adds its gradient. Returns an upper
    /// bound on each element of the weight gradient that the visit adds.
    fn back<const T: usize, const P: usize>(
        &self,
        tape: &mut Self::Tape<T, P>,
        visit: usize,
        xs: &(impl Inputs<X> + ?Sized),
        gradient: &mut Self::State,
        source: impl Fn(Place, &Self::Output, &mut Self::Output),
    ) -> Self::Scalar;

    /// Adds the gradient with respect to the input of a step, once the backward pass has made all visits of the step.
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
        xs: &(impl Inputs<X> + ?Sized),
    );

    /// Does what [`accumulate`](Self::accumulate) does, on the weights themselves: gradient descent without a gradient.
    fn descend<const T: usize, const P: usize>(
        &mut self,
        unit: usize,
        scale: Self::Scalar,
        tape: &Self::Tape<T, P>,
        xs: &(impl Inputs<X> + ?Sized),
    );
}
