//! One flat error per concern. Nothing that returns one has changed anything.

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
    /// It is longer than the tape or the buffer it is to fill.
    TooLong {
        /// Its steps.
        length: usize,
        /// The steps there is room for.
        capacity: usize,
    },
    /// An input of this step is NaN or infinite.
    NonFiniteInput {
        /// The step, from 0.
        step: usize,
    },
}

impl fmt::Display for SequenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the sequence is empty"),
            Self::TooLong { length, capacity } => {
                write!(f, "the sequence has {length} steps, there is room for {capacity}")
            }
            Self::NonFiniteInput { step } => write!(f, "an input of step {step} is NaN or infinite"),
        }
    }
}

impl Error for SequenceError {}
