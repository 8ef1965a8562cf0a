use crate::error::TrainError;

/// End of a sequence's way through the trainer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// What the next slice does, from which step, unit or parameter on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Phase<T> {
    Forward(usize),
    /// A segment again, up to a visit.
    Repeat(usize, usize),
    /// The steps with a target from a step down, then the way back from a visit on.
    Score(usize, usize),
    Back(usize),
    Accumulate(usize),
    Norm(usize),
    /// The update on copies, where it may not be finite.
    Try(usize, Option<T>),
    Apply(usize, Option<T>),
    Done(Option<T>),
    Failed(TrainError),
}
