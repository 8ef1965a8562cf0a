use super::VocabularyError;
use core::error::Error;
use core::fmt;

/// A section of an image cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum SectionError {
    /// There is none.
    Absent {
        /// With this tag.
        tag: [u8; 4],
    },
    /// It has another number of bytes than the type asked for.
    Length {
        /// Its bytes.
        found: usize,
        /// Bytes of the type.
        expected: usize,
    },
    /// Its bytes are not what its tag says, or of other sizes than those asked for.
    Malformed {
        /// The tag.
        tag: [u8; 4],
    },
    /// There are bytes behind its last value.
    Trailing {
        /// The tag.
        tag: [u8; 4],
        /// The number of bytes.
        bytes: usize,
    },
    /// A normaliser's mean is NaN or infinite.
    Mean {
        /// The channel.
        channel: usize,
    },
    /// A normaliser's scale is NaN, infinite or 0.
    Scale {
        /// The channel.
        channel: usize,
    },
    /// A word of the vocabulary is not one that can be written.
    Word {
        /// Its index among the words, without the special ones.
        word: usize,
        /// The fault.
        fault: WordFault,
    },
    /// The words do not go into the vocabulary.
    Vocabulary(VocabularyError),
    /// The tolerance of the probe is NaN, infinite or below 0.
    Tolerance,
    /// An output that the probe expects is NaN or infinite.
    Expected {
        /// The output.
        output: usize,
    },
    /// An input of the probe is NaN or infinite.
    Input {
        /// The step.
        step: usize,
    },
}

/// The reason why bytes are not a word of a vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum WordFault {
    /// The section ends before the word does.
    CutOff,
    /// The word has no letters.
    Empty,
    /// The bytes are not UTF-8.
    NotUtf8,
    /// It is `<pad>`, `<sos>`, `<eos>` or `<unk>`, which are not stored.
    Special,
    /// It is there before.
    Twice,
}

impl fmt::Display for WordFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CutOff => "is longer than the section",
            Self::Empty => "is empty",
            Self::NotUtf8 => "is not UTF-8",
            Self::Special => "is one of the four special symbols, which are not stored",
            Self::Twice => "is there twice",
        })
    }
}

impl fmt::Display for SectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent { tag } => write!(f, "the image has no section {}", tag.escape_ascii()),
            Self::Length { found, expected } => write!(f, "the section has {found} bytes, not {expected}"),
            Self::Malformed { tag } => write!(f, "the section {} is not of the form asked for", tag.escape_ascii()),
            Self::Trailing { tag, bytes } => {
                write!(f, "the section {} has {bytes} bytes behind its last value", tag.escape_ascii())
            }
            Self::Mean { channel } => write!(f, "the normaliser's mean of channel {channel} is NaN or infinite"),
            Self::Scale { channel } => write!(f, "the normaliser's scale of channel {channel} is NaN, infinite or 0"),
            Self::Word { word, fault } => write!(f, "word {word} of the vocabulary {fault}"),
            Self::Vocabulary(error) => error.fmt(f),
            Self::Tolerance => f.write_str("the tolerance of the probe must be a finite number, 0 or above"),
            Self::Expected { output } => write!(f, "the probe expects NaN or infinity of output {output}"),
            Self::Input { step } => write!(f, "the input of the probe at step {step} is NaN or infinite"),
        }
    }
}

impl Error for SectionError {}
