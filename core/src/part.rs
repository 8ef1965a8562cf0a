//! Parts of a network, for inference: state, output, step, sequence.
//!
//! Tasks and streams need nothing more. A part has no [`Parameters`](crate::Parameters) unless it learns, and the
//! type of its state does not depend on the input type. Learning is an extension: [`cell`](crate::cell) adds the
//! record of a step and the backward pass, [`layer`](crate::layer) the tape of a sequence.

use crate::error::SequenceError;
use crate::math::{Math, Zero};

/// The number type of a part.
pub type Number<P> = <<P as Part>::Math as Math>::Scalar;

/// Part of a network: its state and its output.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a part of a network",
    note = "in `Stacked<A, B>` both parts need the same number type",
    note = "the two sides of an `EncoderDecoder` need cells of one kind with the same number of units"
)]
pub trait Part {
    /// Functions that it calls, and the losses and tasks on what a read-out makes of its output. A part that computes with whole numbers
    /// names those of the read-out's numbers.
    type Math: Math;
    /// State carried from step to step, a plain value: a copy is a snapshot, `ZERO` a reset. If a sequence is read in
    /// both directions, it holds one state for each.
    type State: Copy + Zero;
    /// Output of a step, which the next layer reads.
    type Output: Copy + Zero;
    /// Room for the outputs of up to `T` steps of this layer and the layers below, for reading a sequence as a whole.
    type Room<const T: usize>: Zero;
    /// Returns the output within a state: after the last step or, if a sequence is read in both directions, after the
    /// last step of each.
    fn output(state: &Self::State) -> &Self::Output;
    /// Returns `true` if no number in a state is NaN or infinite.
    fn is_finite(state: &Self::State) -> bool;
}

/// Part that reads whole sequences of `X`, given room for the outputs.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not read `{X}`",
    label = "the sizes or number types differ: the first size of a layer is the number of values, or symbols, that it reads",
    note = "in `Stacked<A, B>`, the first size of `B` is the number of units of `A`, or twice that above a concatenating `Bidirectional` layer",
    note = "samples are arrays such as `[f32; 3]`, or tokens; all layers need the same number type"
)]
pub trait Sweep<X>: Part {
    /// Returns `true` if an input can be read: no number in it is NaN or infinite.
    fn accepts(x: &X) -> bool;
    /// Returns the outputs for all of `xs`, and advances `state`.
    ///
    /// # Errors
    /// [`SequenceError::TooLong`] if there are more than `T` inputs; `state` is unchanged.
    fn sweep<'r, const T: usize>(
        &self,
        state: &mut Self::State,
        xs: &[X],
        room: &'r mut Self::Room<T>,
    ) -> Result<&'r [Self::Output], SequenceError>;
}

/// Part that reads `X` step by step. A step cannot fail: NaN stays visible, and the tasks check their input.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not read `{X}` step by step",
    label = "the sizes or number types differ, or a layer reads in both directions",
    note = "the first size of a layer is the number of values, or symbols, that it reads: arrays such as `[f32; 3]`, or tokens",
    note = "a `Bidirectional` layer has no step, since its first output needs the last input: read whole sequences through `Reader::<Net, STEPS>::ZERO` and `reader.on(&network)`"
)]
pub trait Step<X>: Reads<X> {
    /// Makes one step: `state` becomes the state after reading `x`.
    fn step(&self, state: &mut Self::State, x: &X);
}

/// Part that reads whole sequences of `X` without room from the caller: any part that steps, and the result of
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
    /// Reads `xs` starting from `state`, calls `each` with the index and output of each step, and advances `state`.
    ///
    /// # Errors
    /// The first error of `each`, and [`SequenceError::TooLong`] if the steps do not fit.
    fn read(
        &self,
        state: &mut Self::State,
        xs: &[X],
        each: impl FnMut(usize, &Self::Output) -> Result<(), SequenceError>,
    ) -> Result<(), SequenceError>;
}

/// Part that steps and is not made of other parts. It [reads](Reads) sequences step by step; if it learns, it is
/// a [`Layer`](crate::Layer) with one pass over a sequence.
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

/// Does [`Reads::read`] for a part that steps.
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

/// Does [`Sweep::sweep`] for a part that steps.
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
