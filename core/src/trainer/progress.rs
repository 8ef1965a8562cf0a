use super::batch::Share;
use crate::bptt::Sweep;
use crate::clip::Norm;
use crate::math::{Scalar, Zero};
use zerocopy::FromZeros;

/// End of a sequence's way through the trainer.
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
    /// Goal of a sequence in which no step has a target.
    pub fn without_target(self) -> Self {
        if self == Self::Update { Self::Carry } else { self }
    }
}

/// Work of the next slice, from which step, unit or parameter on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromZeros)]
#[repr(u32)]
pub enum Phase {
    /// No sequence is under way.
    Idle,
    Forward(u32),
    /// A segment again, up to a visit.
    Repeat(u32, u32),
    /// The steps with a target from a step down, then the way back from a visit on.
    Score(u32, u32),
    Back(u32),
    Accumulate(u32),
    Norm(u32),
    /// The update on copies, where it may not be finite.
    Try(u32),
    Apply(u32),
}

/// Place of the sequence under way, and all that is known of it but inputs and targets.
#[derive(FromZeros)]
pub struct Progress<T, S> {
    pub ticket: Ticket,
    pub phase: Phase,
    pub goal: Goal,
    pub steps: u32,
    /// Visits that the targets need: none without one that counts.
    pub visits_back: u32,
    /// Slices that add the gradient of a segment.
    pub units: u32,
    pub share: Share<T>,
    /// The state after the last step forward.
    pub reached: S,
    pub sweep: Sweep<T, S>,
    /// Norm of the mean gradient, once it is known.
    pub norm: T,
    pub squares: Norm<T>,
    /// `true` while the gradients of the inputs can be read off the tape.
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

/// Proof that a job is the one under way: no two begun in one workspace, or in two at different addresses, have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromZeros)]
pub struct Ticket {
    /// Address of the workspace as the job began.
    place: u32,
    /// From 1 on; 0 before a job began.
    number: u32,
}

impl Ticket {
    pub const NONE: Self = Self { place: 0, number: 0 };

    /// The next ticket of the workspace at `address`.
    pub fn next(self, address: usize) -> Self {
        Self { place: address as u32, number: self.number.checked_add(1).unwrap_or(1) }
    }
}
