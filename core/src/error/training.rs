use super::SequenceError;
use core::error::Error;
use core::fmt;

/// A training step was refused. Weights, moments and state are unchanged; so is the accumulated gradient, unless
/// [`NonFiniteLoss`](Self::NonFiniteLoss), [`NonFiniteGradient`](Self::NonFiniteGradient) and
/// [`NonFiniteWeight`](Self::NonFiniteWeight) say otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum TrainError {
    /// The sequence cannot be used.
    Sequence(SequenceError),
    /// There is not one target, or `None`, for each step, or there are more targets for the last steps than steps.
    TargetCount {
        /// Number of targets given.
        targets: usize,
        /// Number of steps in the sequence.
        steps: usize,
    },
    /// All targets given have weight 0. [`Trainer::accumulate`](crate::Trainer::accumulate) accepts such a sequence
    /// in a batch in which another target counts.
    NoTarget,
    /// A window, or a segment of a checkpointed one, has more steps with a target than fit into the workspace.
    TooManyTargets {
        /// Number of targets given.
        targets: usize,
        /// Number of targets that fit.
        capacity: usize,
    },
    /// The target of this step is NaN or infinite.
    NonFiniteTarget {
        /// Index of the step, from 0.
        step: usize,
    },
    /// The loss is NaN or infinite, or a mean cannot be taken because the sum of the weights or its reciprocal is.
    /// With a checkpointed tape, the accumulated gradient is discarded if the gradient of a later segment was already
    /// added.
    NonFiniteLoss,
    /// The gradient is NaN, infinite or too large to square. If it was already added to the accumulated gradient, the
    /// latter is discarded: when it is too large to square and, with a checkpointed tape, when a later segment was
    /// already added.
    NonFiniteGradient,
    /// The update would make a weight infinite or NaN: the learning rate is too high. The gradient accumulated is dropped.
    /// [`InPlaceSgd`](crate::optim::InPlaceSgd), which has no gradient to look at first, refuses what could: a change by 10³¹ (f32) or 10²⁹²
    /// (f64) or more, or one that the range of a [`Fixed`](crate::math::Fixed) has no room for beside the largest weight.
    NonFiniteWeight,
    /// An update was requested before any gradient was accumulated.
    NothingAccumulated,
    /// Another job is under way. Poll it to its end, [abandon](crate::Trainer::abandon) it or, if it was lost,
    /// [resume](crate::Trainer::resume) it.
    UnderWay,
    /// The job is not the one under way: it was not begun here, is done, or was abandoned.
    StaleJob,
    /// The weights are half new and half old. The job must be polled to its end.
    Unfinished {
        /// Number of slices until the job is done.
        slices: usize,
    },
    /// The job does not have as many steps as the one it is to replace.
    OtherSequence {
        /// Number of steps found.
        steps: usize,
        /// Number of steps of the job under way.
        expected: usize,
    },
}

impl fmt::Display for TrainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sequence(error) => error.fmt(f),
            Self::TargetCount { targets, steps } => write!(f, "{targets} targets were given for {steps} steps"),
            Self::NoTarget => f.write_str("no step has a target whose weight is above 0"),
            Self::TooManyTargets { targets, capacity } => {
                write!(f, "{targets} steps have a target; there is room for {capacity}")
            }
            Self::NonFiniteTarget { step } => write!(f, "the target of step {step} is NaN or infinite"),
            Self::NonFiniteLoss => f.write_str("the loss is NaN or infinite"),
            Self::NonFiniteGradient => f.write_str("the gradient is NaN, infinite or too large to square"),
            Self::NonFiniteWeight => f.write_str("the update would make a weight infinite: lower the learning rate"),
            Self::UnderWay => f.write_str("another job is under way: finish, abandon or resume it first"),
            Self::StaleJob => f.write_str("the job is not under way: it was not begun here, is done, or was abandoned"),
            Self::Unfinished { slices } => {
                write!(f, "the weights are half new and half old: poll the job {slices} more times")
            }
            Self::OtherSequence { steps, expected } => {
                write!(f, "the job has {steps} steps; the one under way has {expected}")
            }
            Self::NothingAccumulated => f.write_str("no gradient was accumulated"),
        }
    }
}

impl Error for TrainError {}

impl From<SequenceError> for TrainError {
    fn from(error: SequenceError) -> Self {
        Self::Sequence(error)
    }
}
