use super::{SequenceError, VocabularyError};
use core::error::Error;
use core::fmt;

/// Bytes are not an image that can be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum ImageError {
    /// They end before the header or before the image does.
    TooShort {
        /// The bytes there are.
        length: usize,
        /// The bytes there must be.
        needed: usize,
    },
    /// They do not begin as an image does.
    NotAnImage,
    /// They are an image of another version of the format.
    Version {
        /// That version.
        found: u32,
    },
    /// At least one byte is not what was written.
    Checksum,
    /// They are an image of another network: other kinds, sizes, order or numbers.
    OtherArchitecture {
        /// The fingerprint in the image.
        found: u32,
        /// The fingerprint of the network asked for.
        expected: u32,
    },
    /// The weights take another number of bytes than the network.
    PayloadLength {
        /// The bytes in the image.
        found: usize,
        /// The bytes of the network.
        expected: usize,
    },
    /// The sections do not end where the image does.
    Sections,
    /// The address is not a multiple of 16.
    Misaligned,
}

impl fmt::Display for ImageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { length, needed } => write!(f, "there are {length} bytes, the image takes {needed}"),
            Self::NotAnImage => f.write_str("the bytes do not begin as an image does"),
            Self::Version { found } => write!(f, "the image has version {found}, which is not known here"),
            Self::Checksum => f.write_str("the image is damaged: its checksum is another"),
            Self::OtherArchitecture { found, expected } => {
                write!(f, "the image is of another network: fingerprint {found:08x}, not {expected:08x}")
            }
            Self::PayloadLength { found, expected } => {
                write!(f, "the weights in the image take {found} bytes, the network {expected}")
            }
            Self::Sections => f.write_str("the sections do not end where the image does"),
            Self::Misaligned => f.write_str("the address of the image is not a multiple of 16"),
        }
    }
}

impl Error for ImageError {}

/// An image does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NoRoom {
    /// The bytes there are.
    pub room: usize,
    /// The bytes it takes.
    pub needed: usize,
}

impl fmt::Display for NoRoom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the image takes {} bytes, there is room for {}", self.needed, self.room)
    }
}

impl Error for NoRoom {}

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
        /// Those of the type.
        expected: usize,
    },
    /// Its bytes are not what its tag says, or of other sizes than those asked for.
    Malformed {
        /// The tag.
        tag: [u8; 4],
    },
    /// The words do not go into the vocabulary.
    Vocabulary(VocabularyError),
}

impl fmt::Display for SectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent { tag } => write!(f, "the image has no section {}", tag.escape_ascii()),
            Self::Length { found, expected } => write!(f, "the section has {found} bytes, not {expected}"),
            Self::Malformed { tag } => write!(f, "the section {} is not of the form asked for", tag.escape_ascii()),
            Self::Vocabulary(error) => error.fmt(f),
        }
    }
}

impl Error for SectionError {}

/// A network does not give what its image says it must.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum SelfTestError {
    /// There is no probe, or it is for other inputs or outputs.
    Section(SectionError),
    /// The probe cannot be read.
    Sequence(SequenceError),
    /// An output is another: weights or arithmetic are not the writer's.
    Output {
        /// The first such output.
        output: usize,
    },
}

impl fmt::Display for SelfTestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Section(error) => error.fmt(f),
            Self::Sequence(error) => error.fmt(f),
            Self::Output { output } => write!(f, "output {output} of the probe is not what it must be"),
        }
    }
}

impl Error for SelfTestError {}
