use super::SequenceError;
use core::error::Error;
use core::fmt;

/// A word of a text is not in the vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct UnknownWord {
    /// Index of the word (or character) in the text, from 0.
    pub index: usize,
}

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "piece {} of the text is not in the vocabulary", self.index)
    }
}

impl Error for UnknownWord {}

/// A word cannot be added to a vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum VocabularyError {
    /// The word has no characters.
    EmptyWord,
    /// Every token is taken.
    Full {
        /// Number of symbols that fit, including the special ones.
        capacity: usize,
    },
    /// The vocabulary has too few bytes left for the text of the word.
    TextFull {
        /// Number of bytes available.
        capacity: usize,
    },
}

impl fmt::Display for VocabularyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyWord => f.write_str("a word must have at least one character"),
            Self::Full { capacity } => write!(f, "all {capacity} tokens of the vocabulary are taken"),
            Self::TextFull { capacity } => write!(f, "the word does not fit: the vocabulary has {capacity} bytes"),
        }
    }
}

impl Error for VocabularyError {}

/// A text cannot be encoded as tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum EncodeError {
    /// A word or character is not in the vocabulary.
    Unknown(UnknownWord),
    /// The tokens do not fit into the sequence.
    Sequence(SequenceError),
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(error) => error.fmt(f),
            Self::Sequence(error) => error.fmt(f),
        }
    }
}

impl Error for EncodeError {}
