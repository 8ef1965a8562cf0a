use super::SequenceError;
use core::error::Error;
use core::fmt;

/// A vocabulary does not have a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct UnknownWord {
    /// Its place in the text, counted in words or characters from 0.
    pub index: usize,
}

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the vocabulary does not have piece {} of the text", self.index)
    }
}

impl Error for UnknownWord {}

/// A word cannot be added to a vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum VocabularyError {
    /// It has no characters.
    EmptyWord,
    /// Every token is taken.
    Full {
        /// The symbols there is room for, the special ones included.
        capacity: usize,
    },
    /// The text of the words does not fit into the vocabulary's bytes.
    TextFull {
        /// The bytes there are.
        capacity: usize,
    },
}

impl fmt::Display for VocabularyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyWord => f.write_str("a word has at least one character"),
            Self::Full { capacity } => write!(f, "all {capacity} tokens of the vocabulary are taken"),
            Self::TextFull { capacity } => write!(f, "the {capacity} bytes of the vocabulary cannot take the word"),
        }
    }
}

impl Error for VocabularyError {}

/// A text cannot become a sequence of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum EncodeError {
    /// A word or character is not in the vocabulary.
    Unknown(UnknownWord),
    /// The tokens do not fit.
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
