//! Layers, which read a whole sequence and return an output for each step.
//!
//! Every cell is a layer that passes over the sequence once. A [`Bidirectional`] layer passes over it in both
//! directions and cannot [step](crate::part::Step::step), because its first output depends on the last input.
//! [`Trainer`](crate::Trainer) and [`Reader`](crate::Reader) work with any layer.
//!
//! A *visit* is one pass over one step. Visits are numbered in the order of the forward pass: visit n of a cell is step
//! n, and a layer that passes over T steps twice has visits 0 to 2T − 1. Back-propagation takes them in reverse order.
//!
//! ## Features by layer
//!
//! *Step*: [`Network::step`](crate::Network::step), for endless streams. *Tape*: training by back-propagation through
//! time. *Slices*: [`Trainer::poll`](crate::Trainer::poll), an update in slices of bounded work. *In place*:
//! [`InPlaceSgd`](crate::optim::InPlaceSgd), training without memory for a gradient. *Truncated*: windows that carry
//! the state give the same outputs as the whole sequence. *Checkpointed*: a [`Tape`](crate::tape::Tape) of segments.
//! *Snapshot*: a copy of the state is a complete snapshot. *Streams*: many streams over one network in flash.
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
//! Stacks can have any depth, nest either way and contain bidirectional layers anywhere, and [`Frozen`] can wrap any
//! layer. Parts in [integers](crate::int8) step, and have snapshots and streams, like the parts that they came from; they do not
//! learn.
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
    /// At this step, counted from 0.
    Step(usize),
    /// At the end of each direction: the last step of the forward direction and the first step of the backward
    /// direction.
    End,
}

/// Part of a learning layer that does not depend on its input type: the tape, and the outputs on the tape.
#[diagnostic::on_unimplemented(
    message = "the layers of `{Self}` do not fit together",
    label = "the sizes or number types of two layers differ",
    note = "in `Stacked<A, B>`, the first size of `B` is the number of units of `A`, and both need the same number type"
)]
pub trait Sequential: Parameters + Part<Math: Math<Scalar = <Self as Parameters>::Scalar>> {
    /// Copy of an output, if the tape does not store outputs; `()` for a cell, whose records contain them.
    type Kept: Copy + Zero;
    /// Records for the backward pass over up to `T` steps or, if the layer can be checkpointed, over up to `P`·`T`.
    type Tape<const T: usize, const P: usize>: Zero;
    /// Number of passes over a sequence. A layer with one pass can be checkpointed, and its backward pass can start at
    /// the last target.
    const PASSES: usize;

    /// Discards all visits; the next visit starts from `state`.
    fn restart<const T: usize, const P: usize>(tape: &mut Self::Tape<T, P>, state: &Self::State);
    /// Returns the visits whose records are on the tape.
    fn held<const T: usize, const P: usize>(tape: &Self::Tape<T, P>) -> Range<usize>;
    /// Discards the visits from `end` on, if the layer has one pass.
    fn truncate<const T: usize, const P: usize>(tape: &mut Self::Tape<T, P>, end: usize);
    /// Returns the copy that [`kept`](Self::kept) needs to return the output at `place`, or `None` if the place has not
    /// been reached.
    fn keep<const T: usize, const P: usize>(tape: &Self::Tape<T, P>, place: Place) -> Option<Self::Kept>;
    /// Returns the output at `place`, given the copy made by [`keep`](Self::keep), or `None` if neither the tape nor
    /// the copy has it.
    fn kept<'a, const T: usize, const P: usize>(
        tape: &'a Self::Tape<T, P>,
        place: Place,
        kept: &'a Self::Kept,
    ) -> Option<&'a Self::Output>;
    /// Returns the available outputs of the steps in `range`; `kept` has the copy made by [`keep`](Self::keep) for each
    /// step.
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
    /// Runs visit `visit` of the forward pass over `xs`. Must be called for each visit in order.
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

    /// Repeats a visit of an earlier segment of a checkpointed tape; see [`Tape::repeat`](crate::tape::Tape::repeat).
    fn repeat<const T: usize, const P: usize>(
        &self,
        tape: &mut Self::Tape<T, P>,
        visit: usize,
        xs: &(impl Inputs<X> + ?Sized),
    );

    /// Goes back through a visit: turns its record into gradients, and `gradient` from the gradient of the state
    /// after the visit into the gradient of the state before it. `source` receives an output and its place, and adds
    /// the gradient of this output. Returns an upper bound on each element of the weight gradient that the visit
    /// adds.
    fn back<const T: usize, const P: usize>(
        &self,
        tape: &mut Self::Tape<T, P>,
        visit: usize,
        xs: &(impl Inputs<X> + ?Sized),
        gradient: &mut Self::State,
        source: impl Fn(Place, &Self::Output, &mut Self::Output),
    ) -> Self::Scalar;

    /// Adds the gradient with respect to the input of `step`, after the backward pass over all visits of the step.
    fn add_input_gradient<const T: usize, const P: usize>(
        &self,
        tape: &Self::Tape<T, P>,
        step: usize,
        gradient: &mut Self::InputGradient,
    );

    /// Adds `scale · Σ_t δ_t x_tᵀ` to part `unit` of `target`, the last visit first.
    fn accumulate<const T: usize, const P: usize>(
        target: &mut Self::Gradient,
        unit: usize,
        scale: Self::Scalar,
        tape: &Self::Tape<T, P>,
        xs: &(impl Inputs<X> + ?Sized),
    );

    /// Adds to the weights themselves what [`accumulate`](Self::accumulate) adds to a gradient: gradient descent
    /// without memory for a gradient.
    fn descend<const T: usize, const P: usize>(
        &mut self,
        unit: usize,
        scale: Self::Scalar,
        tape: &Self::Tape<T, P>,
        xs: &(impl Inputs<X> + ?Sized),
    );
}
