use core::error::Error;
use core::fmt;

/// The index of a token or class is not below the number of symbols or classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct OutOfRange {
    /// Index given.
    pub index: usize,
    /// Number of symbols or classes, which the index must be below.
    pub size: usize,
}

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "index {} is not below {}", self.index, self.size)
    }
}

impl Error for OutOfRange {}

/// A sequence cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum SequenceError {
    /// The sequence has no steps.
    Empty,
    /// The sequence has fewer steps than the task needs.
    TooShort {
        /// Number of steps found.
        length: usize,
        /// Number of steps needed.
        needed: usize,
    },
    /// The sequence has more steps than the tape or the buffer has room for.
    TooLong {
        /// Number of steps found.
        length: usize,
        /// Number of steps that fit.
        capacity: usize,
    },
    /// An input at this step is NaN or infinite.
    NonFiniteInput {
        /// Index of the step, from 0.
        step: usize,
    },
    /// The network's output at this step is NaN or infinite: its weights are not usable.
    NonFiniteOutput {
        /// Index of the step, from 0.
        step: usize,
    },
}

impl fmt::Display for SequenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the sequence is empty"),
            Self::TooShort { length, needed } => write!(f, "the sequence has {length} steps; {needed} are needed"),
            Self::TooLong { length, capacity } => {
                write!(f, "the sequence has {length} steps; there is room for {capacity}")
            }
            Self::NonFiniteInput { step } => write!(f, "an input at step {step} is NaN or infinite"),
            Self::NonFiniteOutput { step } => write!(f, "the network's output at step {step} is NaN or infinite"),
        }
    }
}

impl Error for SequenceError {}

/// A sample of a stream, or the output for it, is unusable. The documentation of each function that returns this error
/// says how the stream continues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum StreamError {
    /// The sample is NaN or infinite.
    NonFiniteInput,
    /// The network's output is NaN or infinite: a sample was too large, or the weights are not usable.
    NonFiniteOutput,
}

impl fmt::Display for StreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NonFiniteInput => "the sample is NaN or infinite",
            Self::NonFiniteOutput => "the network's output for the samples is NaN or infinite",
        })
    }
}

impl Error for StreamError {}

/// A normaliser cannot be made from the statistics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum StatisticsError {
    /// No samples were added.
    Empty,
    /// A channel's mean or variance is NaN or infinite, for example because a sample was.
    NonFinite {
        /// Index of the channel, from 0.
        channel: usize,
    },
}

impl fmt::Display for StatisticsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("no samples were added"),
            Self::NonFinite { channel } => write!(f, "the mean or variance of channel {channel} is NaN or infinite"),
        }
    }
}

impl Error for StatisticsError {}
