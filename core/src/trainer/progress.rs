use super::batch::Share;
use crate::bptt::Sweep;
use crate::clip::Norm;
use crate::math::{Scalar, Zero};
use zerocopy::FromZeros;

/// Purpose of processing a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromZeros)]
#[repr(u32)]
pub enum Goal {
    /// Updates the weights.
    Update,
    /// Adds the gradient to the one for the next update.
    Accumulate,
    /// Only advances the state.
    Carry,
}

impl Goal {
    /// Returns the goal for a sequence in which no step has a target: an update only advances the state.
    pub fn without_target(self) -> Self {
        if self == Self::Update { Self::Carry } else { self }
    }
}

/// Work of the next slice, with the visit, step, unit or parameter at which it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromZeros)]
#[repr(u32)]
pub enum Phase {
    /// No sequence is under way.
    Idle,
    Forward(u32),
    /// Repeats the forward pass of a segment, from one visit up to another.
    Repeat(u32, u32),
    /// Scores the steps that have a target, going back from one step, then starts the backward pass at a visit.
    Score(u32, u32),
    Back(u32),
    Accumulate(u32),
    Norm(u32),
    /// Computes the update without storing it, if a weight could become infinite or NaN.
    Try(u32),
    Apply(u32),
    /// Does the pieces that the optimizer has left.
    Settle(u32),
}

/// Progress of the sequence under way: everything but its inputs and targets.
#[derive(FromZeros)]
pub struct Progress<T, S> {
    pub ticket: Ticket,
    pub phase: Phase,
    pub goal: Goal,
    pub steps: u32,
    /// Number of visits in the backward pass: those up to the last target that counts or, with several passes over
    /// the sequence, all visits.
    pub visits_back: u32,
    /// Number of slices needed to add the gradient of a segment.
    pub units: u32,
    pub share: Share<T>,
    /// State after the last step of the forward pass.
    pub reached: S,
    pub sweep: Sweep<T, S>,
    /// Norm of the last mean gradient.
    pub norm: T,
    pub squares: Norm<T>,
    /// `true` while the gradients of the inputs can be computed from the tape.
    pub is_swept: bool,
}

impl<T: Scalar, S: Zero> Zero for Progress<T, S> {
    const ZERO: Self = Self {
        ticket: Ticket::NONE,
        phase: Phase::Idle,
        goal: Goal::Update,
        steps: 0,
        visits_back: 0,
        units: 0,
        share: Share::ZERO,
        reached: S::ZERO,
        sweep: Sweep::ZERO,
        norm: T::ZERO,
        squares: Norm::ZERO,
        is_swept: false,
    };
}

/// Identifier of the job under way: no two jobs begun in one workspace, or in workspaces at different addresses,
/// have the same ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromZeros)]
pub struct Ticket {
    /// Address of the workspace when the job began.
    place: u32,
    /// Number of the job, counted from 1; 0 if no job has begun.
    number: u32,
}

impl Ticket {
    pub const NONE: Self = Self { place: 0, number: 0 };

    /// Returns the next ticket of the workspace at `address`.
    pub fn next(self, address: usize) -> Self {
        Self { place: address as u32, number: self.number.checked_add(1).unwrap_or(1) }
    }
}
