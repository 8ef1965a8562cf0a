use super::SequenceError;
use core::error::Error;
use core::fmt;

/// A training step was refused. Weights, moments and state are unchanged. So is the accumulated gradient, with the
/// exceptions stated at [`NonFiniteLoss`](Self::NonFiniteLoss), [`NonFiniteGradient`](Self::NonFiniteGradient) and
/// [`NonFiniteWeight`](Self::NonFiniteWeight).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum TrainError {
    /// The sequence cannot be used.
    Sequence(SequenceError),
    /// The number of targets does not fit the sequence: there must be one target or `None` for each step, or, if only
    /// the last steps have targets, at most one for each step.
    TargetCount {
        /// Number of targets given.
        targets: usize,
        /// Number of steps in the sequence.
        steps: usize,
    },
    /// All targets have weight 0. [`Trainer::accumulate`](crate::Trainer::accumulate) accepts such a sequence, but an
    /// update needs a target that counts.
    NoTarget,
    /// A window, or a segment of a checkpointed window, has more targets than the workspace has room for.
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
    /// The loss is NaN or infinite, or a mean cannot be taken because the sum of the targets' weights or its
    /// reciprocal is not finite. With a checkpointed tape, the accumulated gradient is discarded if the gradient of a
    /// later segment had already been added to it.
    NonFiniteLoss,
    /// The gradient is NaN, infinite or too large to square. The accumulated gradient is discarded if it is too large
    /// to square or, with a checkpointed tape, if the gradient of a later segment had already been added to it.
    NonFiniteGradient,
    /// The update would make a weight infinite or NaN: the learning rate is too high. The accumulated gradient is
    /// discarded. [`InPlaceSgd`](crate::optim::InPlaceSgd), which keeps no gradient to check first, refuses any update
    /// that could change a weight by 10³¹ (f32) or 10²⁹² (f64) or more, or, in fixed point, by more than the range of
    /// [`Fixed`](crate::math::Fixed) leaves beside the largest weight.
    NonFiniteWeight,
    /// An update was requested before any gradient was accumulated.
    NothingAccumulated,
    /// Another job is under way. Poll it to its end, [abandon](crate::Trainer::abandon) it or, if it was lost,
    /// [resume](crate::Trainer::resume) it.
    UnderWay,
    /// The job is not the one under way: it was not begun by this trainer, is done, or was abandoned.
    StaleJob,
    /// Some weights are updated and some are not. The job must be polled to its end.
    Unfinished {
        /// Number of slices until the job is done.
        slices: usize,
    },
    /// The job has a different number of steps from the one it replaces.
    OtherSequence {
        /// Number of steps of the new job.
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
