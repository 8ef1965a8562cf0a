use core::error::Error;
use core::fmt;

/// An index is not below the size of its alphabet: a token, a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct OutOfRange {
    /// The index given.
    pub index: usize,
    /// The size it must stay below.
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
    /// It has no steps.
    Empty,
    /// It has fewer steps than the task needs.
    TooShort {
        /// Its steps.
        length: usize,
        /// The steps needed.
        needed: usize,
    },
    /// It is longer than the tape or the buffer it is to fill.
    TooLong {
        /// Its steps.
        length: usize,
        /// The steps there is room for.
        capacity: usize,
    },
    /// An input of this step is NaN or infinite.
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
            Self::TooShort { length, needed } => write!(f, "the sequence has {length} steps, {needed} are needed"),
            Self::TooLong { length, capacity } => {
                write!(f, "the sequence has {length} steps, there is room for {capacity}")
            }
            Self::NonFiniteInput { step } => write!(f, "an input of step {step} is NaN or infinite"),
            Self::NonFiniteOutput { step } => write!(f, "the network's output at step {step} is NaN or infinite"),
        }
    }
}

impl Error for SequenceError {}

/// A sample of a stream, or what came of it, cannot be used. What then becomes of the stream stands where it is returned.
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
            Self::NonFiniteOutput => "what the network made of the samples is NaN or infinite",
        })
    }
}

impl Error for StreamError {}

/// Statistics cannot make a normaliser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum StatisticsError {
    /// No sample was added.
    Empty,
    /// A channel's mean or variance is NaN or infinite, as after such a sample.
    NonFinite {
        /// The channel, from 0.
        channel: usize,
    },
}

impl fmt::Display for StatisticsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("no sample was added"),
            Self::NonFinite { channel } => write!(f, "the mean or variance of channel {channel} is NaN or infinite"),
        }
    }
}

impl Error for StatisticsError {}
