use super::batch::Share;
use crate::bptt::Sweep;
use crate::clip::Norm;
use crate::math::{Scalar, Zero};
use zerocopy::FromZeros;

/// Purpose of a sequence in the trainer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromZeros)]
#[repr(u32)]
pub enum Goal {
    /// The weights are updated.
    Update,
    /// The gradient is left for a later update.
    Accumulate,
    /// The state is carried on, and nothing else happens.
    Carry,
}

impl Goal {
    /// Returns the goal of a sequence in which no step has a target.
    pub fn without_target(self) -> Self {
        if self == Self::Update { Self::Carry } else { self }
    }
}

/// Work of the next slice, with the step, unit or parameter at which it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromZeros)]
#[repr(u32)]
pub enum Phase {
    /// No sequence is under way.
    Idle,
    Forward(u32),
    /// Repeats a segment, up to a visit.
    Repeat(u32, u32),
    /// Scores the steps with a target from a step down, then starts the backward pass at a visit.
    Score(u32, u32),
    Back(u32),
    Accumulate(u32),
    Norm(u32),
    /// Tries the update on copies, if it may not be finite.
    Try(u32),
    Apply(u32),
    /// Does the pieces that the optimizer has left.
    Settle(u32),
}

/// Progress of the sequence under way, with all data about it except inputs and targets.
#[derive(FromZeros)]
pub struct Progress<T, S> {
    pub ticket: Ticket,
    pub phase: Phase,
    pub goal: Goal,
    pub steps: u32,
    /// Number of visits that the targets need: 0 if none counts.
    pub visits_back: u32,
    /// Number of slices that add the gradient of a segment.
    pub units: u32,
    pub share: Share<T>,
    /// State after the last step of the forward pass.
    pub reached: S,
    pub sweep: Sweep<T, S>,
    /// Norm of the mean gradient, once it is known.
    pub norm: T,
    pub squares: Norm<T>,
    /// Set while the gradients of the inputs can be read off the tape.
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

/// Proof that a job is the one under way: jobs begun in one workspace, or in two at different addresses, have
/// different tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromZeros)]
pub struct Ticket {
    /// Address of the workspace when the job began.
    place: u32,
    /// Number of the job, from 1; 0 before a job began.
    number: u32,
}

impl Ticket {
    pub const NONE: Self = Self { place: 0, number: 0 };

    /// Returns the next ticket of the workspace at `address`.
    pub fn next(self, address: usize) -> Self {
        Self { place: address as u32, number: self.number.checked_add(1).unwrap_or(1) }
    }
}
