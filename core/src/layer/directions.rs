use super::Place;
use crate::cell::Recurrent;
use crate::math::Zero;
use crate::tape::Tape;
use zerocopy::FromZeros;

/// Value for each of the two directions of a [`Bidirectional`](super::Bidirectional) layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, FromZeros)]
pub struct Directions<F, B> {
    /// Value for the forward direction.
    pub forward: F,
    /// Value for the backward direction.
    pub backward: B,
}

impl<F: Zero, B: Zero> Zero for Directions<F, B> {
    const ZERO: Self = Self { forward: F::ZERO, backward: B::ZERO };
}

/// State of a [`Bidirectional`](super::Bidirectional) layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, FromZeros)]
pub struct Ends<F, B, Y> {
    /// State of the forward direction.
    pub forward: F,
    /// State of the backward direction.
    pub backward: B,
    /// Joined outputs of the forward and the backward final state.
    pub joined: Y,
}

impl<F: Zero, B: Zero, Y: Zero> Zero for Ends<F, B, Y> {
    const ZERO: Self = Self { forward: F::ZERO, backward: B::ZERO, joined: Y::ZERO };
}

/// Returns the output of the forward direction at `place`.
pub(super) fn forward<F: Recurrent, B, const T: usize>(
    tape: &Directions<Tape<F, T>, B>,
    place: Place,
) -> Option<&F::Output> {
    tape.forward.output(match place {
        Place::Step(step) => step,
        Place::End => tape.forward.len().checked_sub(1)?,
    })
}

/// Returns the output of the backward direction at `place`.
pub(super) fn backward<F, B: Recurrent, const T: usize>(
    tape: &Directions<F, Tape<B, T>>,
    place: Place,
) -> Option<&B::Output> {
    tape.backward.output(match place {
        Place::Step(step) => mirrored(&tape.backward, step)?,
        Place::End => tape.backward.len().checked_sub(1)?,
    })
}

/// Returns the index of `step` on the tape of the backward direction, which starts with the last step.
pub(super) fn mirrored<B: Recurrent, const T: usize>(tape: &Tape<B, T>, step: usize) -> Option<usize> {
    tape.len().checked_sub(step + 1)
}
