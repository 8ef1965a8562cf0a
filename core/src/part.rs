//! Parts of a network, as far as inference needs them: state, output, single steps and whole sequences.
//!
//! Tasks and streams need nothing else. A part need not have [`Parameters`](crate::Parameters), and the type of its
//! state does not depend on the input type. Learning is an extension: [`cell`](crate::cell) adds the record of a step
//! and the backward pass, [`layer`](crate::layer) the tape of a sequence.

use crate::error::SequenceError;
use crate::math::{Math, Zero};

/// Number type of a part.
pub type Number<P> = <<P as Part>::Math as Math>::Scalar;

/// Part of a network, with a state and an output.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a part of a network",
    note = "in `Stacked<A, B>` both parts need the same number type",
    note = "the two sides of an `EncoderDecoder` need cells of one kind with the same number of units"
)]
pub trait Part {
    /// Functions for the part itself, and for the losses and tasks that use the network's outputs. A part that computes
    /// with integers names the functions for the number type of the read-out.
    type Math: Math;
    /// State carried from step to step. It is a plain value: a copy is a snapshot, and `ZERO` resets it. If a sequence
    /// is read in both directions, there is one state for each direction.
    type State: Copy + Zero;
    /// Output of a step, which the layer above reads.
    type Output: Copy + Zero;
    /// Memory for the outputs of up to `T` steps of this layer and the layers below, used to read a sequence as a
    /// whole.
    type Room<const T: usize>: Zero;
    /// Returns the output within a state. If a sequence is read in both directions, this is the combination of the
    /// last outputs of both directions.
    fn output(state: &Self::State) -> &Self::Output;
    /// Returns `true` if no number in a state is NaN or infinite.
    fn is_finite(state: &Self::State) -> bool;
}

/// Part that reads whole sequences of `X`, given memory for the outputs.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not read `{X}`",
    label = "the sizes or number types differ: the first size of a layer is the number of values, or symbols, that it reads",
    note = "in `Stacked<A, B>`, the first size of `B` is the number of units of `A`, or twice that above a concatenating `Bidirectional` layer",
    note = "samples are arrays such as `[f32; 3]`, or tokens; all layers need the same number type"
)]
pub trait Sweep<X>: Part {
    /// Returns `true` if no number in an input is NaN or infinite.
    fn accepts(x: &X) -> bool;
    /// Reads all of `xs`, advances `state`, and returns the output of each step.
    ///
    /// # Errors
    /// [`SequenceError::TooLong`] if there are more than `T` inputs; `state` is then unchanged.
    fn sweep<'r, const T: usize>(
        &self,
        state: &mut Self::State,
        xs: &[X],
        room: &'r mut Self::Room<T>,
    ) -> Result<&'r [Self::Output], SequenceError>;
}

/// Part that reads `X` step by step. A step cannot fail: NaN passes through to the output, and the tasks check their
/// input.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not read `{X}` step by step",
    label = "the sizes or number types differ, or a layer reads in both directions",
    note = "the first size of a layer is the number of values, or symbols, that it reads: arrays such as `[f32; 3]`, or tokens",
    note = "a `Bidirectional` layer has no step, since its first output needs the last input: read whole sequences through `Reader::<Net, STEPS>::ZERO` and `reader.on(&network)`"
)]
pub trait Step<X>: Reads<X> {
    /// Runs one step: reads `x` and advances `state`.
    fn step(&self, state: &mut Self::State, x: &X);
}

/// Part that reads whole sequences of `X` without memory from the caller: any part that steps, and the result of
/// [`Reader::on`].
///
/// [`Reader::on`]: crate::Reader::on
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not read a sequence of `{X}`",
    label = "the sizes or number types differ, or a layer reads in both directions and needs a `Reader`",
    note = "the first size of a layer is the number of values, or symbols, that it reads: arrays such as `[f32; 3]`, or tokens",
    note = "a `Bidirectional` layer needs room for the outputs: call the task on `reader.on(&network)`, with a `Reader::<Net, STEPS>::ZERO`"
)]
pub trait Reads<X>: Sweep<X> {
    /// Reads `xs`, advances `state`, and calls `each` with the index and the output of each step.
    ///
    /// # Errors
    /// The first error that `each` returns, and [`SequenceError::TooLong`] if a [`Reader`](crate::Reader) has no room
    /// for the steps.
    fn read(
        &self,
        state: &mut Self::State,
        xs: &[X],
        each: impl FnMut(usize, &Self::Output) -> Result<(), SequenceError>,
    ) -> Result<(), SequenceError>;
}

/// Marker of a part that reads sequences step by step, which gives it an implementation of [`Reads`]. If it learns, it
/// is a [`Layer`](crate::Layer) with one pass over a sequence.
pub trait Leaf {}

#[diagnostic::do_not_recommend]
impl<P: Leaf + Step<X>, X> Reads<X> for P {
    fn read(
        &self,
        state: &mut P::State,
        xs: &[X],
        each: impl FnMut(usize, &P::Output) -> Result<(), SequenceError>,
    ) -> Result<(), SequenceError> {
        read_steps(self, state, xs, each)
    }
}

/// Implements [`Reads::read`] for a part that steps.
pub(crate) fn read_steps<P: Step<X>, X>(
    part: &P,
    state: &mut P::State,
    xs: &[X],
    mut each: impl FnMut(usize, &P::Output) -> Result<(), SequenceError>,
) -> Result<(), SequenceError> {
    xs.iter().enumerate().try_for_each(|(step, x)| {
        part.step(state, x);
        each(step, P::output(state))
    })
}

/// Implements [`Sweep::sweep`] for a part that steps.
///
/// # Errors
/// Same as for [`Sweep::sweep`].
pub fn step_through<'r, P: Step<X>, X, const T: usize>(
    part: &P,
    state: &mut P::State,
    xs: &[X],
    room: &'r mut [P::Output; T],
) -> Result<&'r [P::Output], SequenceError> {
    let room = places(room, xs.len())?;
    for (x, output) in xs.iter().zip(room.iter_mut()) {
        part.step(state, x);
        *output = *P::output(state);
    }
    Ok(room)
}

/// Returns the first `steps` elements of `room`.
pub(crate) fn places<Y, const T: usize>(room: &mut [Y; T], steps: usize) -> Result<&mut [Y], SequenceError> {
    room.get_mut(..steps).ok_or(SequenceError::TooLong { length: steps, capacity: T })
}
