use super::VocabularyError;
use core::error::Error;
use core::fmt;

/// A section of an image cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum SectionError {
    /// The image has no such section.
    Absent {
        /// Tag of the section.
        tag: [u8; 4],
    },
    /// The section does not have the size of the requested type.
    Length {
        /// Size of the section in bytes.
        found: usize,
        /// Size of the type in bytes.
        expected: usize,
    },
    /// The bytes do not have the format that the tag stands for, or do not have the requested sizes.
    Malformed {
        /// Tag of the section.
        tag: [u8; 4],
    },
    /// There are bytes after the last value of the section.
    Trailing {
        /// Tag of the section.
        tag: [u8; 4],
        /// Number of bytes after the last value.
        bytes: usize,
    },
    /// A normaliser's mean is NaN or infinite.
    Mean {
        /// Index of the channel.
        channel: usize,
    },
    /// A normaliser's scale is NaN, infinite or 0.
    Scale {
        /// Index of the channel.
        channel: usize,
    },
    /// A word of the vocabulary is invalid.
    Word {
        /// Index of the word, not counting the special words.
        word: usize,
        /// Fault of the word.
        fault: WordFault,
    },
    /// The words cannot be added to the vocabulary.
    Vocabulary(VocabularyError),
    /// The tolerance of the probe is NaN, infinite or below 0.
    Tolerance,
    /// An output that the probe expects is NaN or infinite.
    Expected {
        /// Index of the output.
        output: usize,
    },
    /// An input of the probe is NaN or infinite.
    Input {
        /// Index of the step.
        step: usize,
    },
}

/// Reason why bytes are not a word of a vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum WordFault {
    /// The section ends before the end of the word.
    CutOff,
    /// The word has no letters.
    Empty,
    /// The bytes are not UTF-8.
    NotUtf8,
    /// The word is `<pad>`, `<sos>`, `<eos>` or `<unk>`, which are not stored.
    Special,
    /// The word occurs earlier in the vocabulary.
    Twice,
}

impl fmt::Display for WordFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CutOff => "is longer than the section",
            Self::Empty => "is empty",
            Self::NotUtf8 => "is not UTF-8",
            Self::Special => "is one of the four special symbols, which are not stored",
            Self::Twice => "occurs twice",
        })
    }
}

impl fmt::Display for SectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent { tag } => write!(f, "the image has no section {}", tag.escape_ascii()),
            Self::Length { found, expected } => write!(f, "the section has {found} bytes, not {expected}"),
            Self::Malformed { tag } => write!(f, "the section {} does not have the requested form", tag.escape_ascii()),
            Self::Trailing { tag, bytes } => {
                write!(f, "the section {} has {bytes} bytes after its last value", tag.escape_ascii())
            }
            Self::Mean { channel } => write!(f, "the normaliser's mean of channel {channel} is NaN or infinite"),
            Self::Scale { channel } => write!(f, "the normaliser's scale of channel {channel} is NaN, infinite or 0"),
            Self::Word { word, fault } => write!(f, "word {word} of the vocabulary {fault}"),
            Self::Vocabulary(error) => error.fmt(f),
            Self::Tolerance => f.write_str("the tolerance of the probe must be a finite number, 0 or above"),
            Self::Expected { output } => write!(f, "the probe expects NaN or infinity as output {output}"),
            Self::Input { step } => write!(f, "the input of the probe at step {step} is NaN or infinite"),
        }
    }
}

impl Error for SectionError {}
