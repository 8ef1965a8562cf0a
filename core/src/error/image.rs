use super::{SectionError, SequenceError};
use crate::path::TensorName;
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
        /// Version of the image.
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
    /// The reserved word of the header is not 0.
    Reserved {
        /// The word.
        found: u32,
    },
    /// A byte that only fills up to a multiple of 8 is not 0.
    Padding {
        /// Its offset in the image.
        at: usize,
    },
    /// The sections do not end where the image does.
    Sections,
    /// The first section is not the architecture in words, or its text is not the one that the header has the checksum of.
    Description,
    /// The tag of a section is not four ASCII letters.
    Tag {
        /// The tag.
        tag: [u8; 4],
    },
    /// A section is there twice, or behind one that it must precede.
    Order {
        /// Its tag.
        tag: [u8; 4],
    },
    /// A section has a value that cannot be used.
    Section(SectionError),
    /// A weight is NaN or infinite.
    Weight {
        /// Its index among all weights, in the order of the image.
        index: usize,
    },
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
            Self::Reserved { found } => {
                write!(f, "bytes 24 to 27 of the image must be 0, not {found:#x}; write the image anew")
            }
            Self::Padding { at } => write!(f, "byte {at} of the image is padding and must be 0; write the image anew"),
            Self::Sections => f.write_str("the sections do not end where the image does"),
            Self::Description => f.write_str(
                "the first section must be ARCH, with the text that the header has the fingerprint of; write the image anew",
            ),
            Self::Tag { tag } => write!(f, "the tag {} of a section is not four ASCII letters", tag.escape_ascii()),
            Self::Order { tag } => write!(
                f,
                "the section {} is there twice or out of order: ARCH, NORM, VOCB, PROB, then the others by their tags",
                tag.escape_ascii()
            ),
            Self::Section(error) => error.fmt(f),
            Self::Weight { index } => {
                write!(f, "weight {index} of the image is NaN or infinite; train and write the network anew")
            }
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
    /// Size of the image in bytes.
    pub needed: usize,
}

impl fmt::Display for NoRoom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the image takes {} bytes, there is room for {}", self.needed, self.room)
    }
}

impl Error for NoRoom {}

/// A weight is NaN or infinite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NonFiniteWeight {
    /// The tensor.
    pub tensor: TensorName,
    /// The place in it: input (of a bias, the vector), gate, unit.
    pub index: [usize; 3],
}

impl fmt::Display for NonFiniteWeight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (tensor, [input, gate, unit]) = (self.tensor, self.index);
        write!(f, "{tensor}[{input}][{gate}][{unit}] is NaN or infinite; take weights from before training diverged")
    }
}

impl Error for NonFiniteWeight {}

/// An image is not written, because it would not open or not pass its self-test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum WriteError {
    /// It does not fit.
    Room(NoRoom),
    /// It takes more bytes than its header can say.
    TooLong {
        /// The bytes.
        bytes: usize,
    },
    /// A weight is NaN or infinite.
    Weight(NonFiniteWeight),
    /// It would be refused for this.
    Image(ImageError),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Room(error) => error.fmt(f),
            Self::TooLong { bytes } => write!(f, "the image takes {bytes} bytes; at most 4294967295 can be written"),
            Self::Weight(error) => error.fmt(f),
            Self::Image(error) => error.fmt(f),
        }
    }
}

impl Error for WriteError {}

/// A network does not give what its image says it must.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum SelfTestError {
    /// There is no probe, or it is for other inputs or outputs.
    Section(SectionError),
    /// The probe cannot be read.
    Sequence(SequenceError),
    /// A weight is NaN or infinite.
    Weight {
        /// Its index among all weights, in the order of the image.
        index: usize,
    },
    /// The network answers with NaN or infinity.
    NonFiniteOutput {
        /// The first such output.
        output: usize,
    },
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
            Self::Weight { index } => {
                write!(
                    f,
                    "weight {index} of the image is NaN or infinite: its memory fails, or the image must be written anew"
                )
            }
            Self::NonFiniteOutput { output } => {
                write!(
                    f,
                    "output {output} of the probe is NaN or infinite: the weights are too large for this arithmetic"
                )
            }
            Self::Output { output } => write!(f, "output {output} of the probe is not what it must be"),
        }
    }
}

impl Error for SelfTestError {}
