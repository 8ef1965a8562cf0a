use super::{SectionError, SequenceError};
use crate::architecture::Content;
use crate::path::TensorName;
use core::error::Error;
use core::fmt;

/// The bytes are not an image that can be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum ImageError {
    /// The bytes end before the end of the header or of the image.
    TooShort {
        /// Number of bytes available.
        length: usize,
        /// Number of bytes needed.
        needed: usize,
    },
    /// The bytes do not start like an image.
    NotAnImage,
    /// The image has a version of the format that cannot be read.
    Version {
        /// Version of the image.
        found: u32,
    },
    /// At least one byte has changed since the image was written.
    Checksum,
    /// The image holds another network: the kinds, sizes or order of its layers, or its number type, are different.
    OtherArchitecture {
        /// Fingerprint in the image.
        found: u32,
        /// Fingerprint of the requested network.
        expected: u32,
    },
    /// The size of the weights in the image is not that of the network's weights.
    PayloadLength {
        /// Size of the weights in the image, in bytes.
        found: usize,
        /// Size of the network, in bytes.
        expected: usize,
    },
    /// The reserved word of the header is not 0.
    Reserved {
        /// Value of the word.
        found: u32,
    },
    /// A byte of the padding to a multiple of 8 is not 0.
    Padding {
        /// Offset of the byte in the image.
        at: usize,
    },
    /// The sections do not end at the end of the image.
    Sections,
    /// The first section is not the architecture as text, or its text does not match the checksum in the header.
    Description,
    /// The tag of a section is not four ASCII letters.
    Tag {
        /// Tag of the section.
        tag: [u8; 4],
    },
    /// A section occurs twice, or after a section that it must precede.
    Order {
        /// Tag of the section.
        tag: [u8; 4],
    },
    /// A section has an unusable value.
    Section(SectionError),
    /// A weight is NaN or infinite.
    Weight {
        /// Index of the weight among all weights, in the order of the image.
        index: usize,
    },
    /// An integer, a scale or a bias is outside of its range.
    Integer(MisplacedInteger),
    /// The address is not a multiple of 16.
    Misaligned,
}

impl fmt::Display for ImageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { length, needed } => write!(f, "there are {length} bytes; the image takes {needed}"),
            Self::NotAnImage => f.write_str("the bytes do not begin with an image"),
            Self::Version { found } => write!(f, "the image has version {found}, which is not supported"),
            Self::Checksum => f.write_str("the image is damaged: its checksum is wrong"),
            Self::OtherArchitecture { found, expected } => {
                write!(f, "the image holds another network: fingerprint {found:08x}, not {expected:08x}")
            }
            Self::PayloadLength { found, expected } => {
                write!(f, "the weights in the image take {found} bytes, not {expected}")
            }
            Self::Reserved { found } => {
                write!(f, "bytes 24 to 27 of the image must be 0, not {found:#x}; write the image again")
            }
            Self::Padding { at } => write!(f, "byte {at} of the image is padding and must be 0; write the image again"),
            Self::Sections => f.write_str("the sections do not end where the image does"),
            Self::Description => f.write_str(
                "the first section must be ARCH, with a text that matches the header's fingerprint; write the image again",
            ),
            Self::Tag { tag } => write!(f, "the tag {} of a section is not four ASCII letters", tag.escape_ascii()),
            Self::Order { tag } => write!(
                f,
                "section {} is repeated or out of order; the order is ARCH, NORM, VOCB, PROB, then the others by tag",
                tag.escape_ascii()
            ),
            Self::Section(error) => error.fmt(f),
            Self::Weight { index } => {
                write!(f, "weight {index} of the image is NaN or infinite; train and write the network again")
            }
            Self::Integer(error) => write!(f, "{error}; quantize and write the network again"),
            Self::Misaligned => f.write_str("the address of the image is not a multiple of 16"),
        }
    }
}

impl Error for ImageError {}

/// The image does not fit into the buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NoRoom {
    /// Number of bytes available.
    pub room: usize,
    /// Size of the image in bytes.
    pub needed: usize,
}

impl fmt::Display for NoRoom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the image takes {} bytes; there is room for {}", self.needed, self.room)
    }
}

impl Error for NoRoom {}

/// A weight is NaN or infinite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NonFiniteWeight {
    /// Name of the tensor.
    pub tensor: TensorName,
    /// Index in the tensor: input (for a bias, the vector), gate, unit.
    pub index: [usize; 3],
}

impl fmt::Display for NonFiniteWeight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (tensor, [input, gate, unit]) = (self.tensor, self.index);
        write!(f, "{tensor}[{input}][{gate}][{unit}] is NaN or infinite; use weights from before training diverged")
    }
}

impl Error for NonFiniteWeight {}

/// A number of a network in integers is outside of its range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct UnusableInteger {
    /// Name of the tensor.
    pub tensor: TensorName,
    /// Index in the tensor: input (for a bias, the vector), gate, unit.
    pub index: [u32; 3],
    /// Kind of the tensor's numbers.
    pub content: Content,
}

impl fmt::Display for UnusableInteger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (tensor, [input, gate, unit], range) = (self.tensor, self.index, range(self.content));
        write!(f, "{tensor}[{input}][{gate}][{unit}] is not {range}; quantize the network again")
    }
}

impl Error for UnusableInteger {}

/// A number of a network in integers, in an image, is outside of its range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MisplacedInteger {
    /// Name of the tensor in its part.
    pub tensor: &'static str,
    /// Offset of the number in the image.
    pub at: usize,
    /// Kind of the tensor's numbers.
    pub content: Content,
}

impl fmt::Display for MisplacedInteger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (tensor, at, range) = (self.tensor, self.at, range(self.content));
        write!(f, "byte {at} of the image, in a tensor {tensor}, is not {range}")
    }
}

impl Error for MisplacedInteger {}

/// The numbers that a tensor may hold.
const fn range(content: Content) -> &'static str {
    match content {
        Content::Real => "a finite number",
        Content::Weights | Content::Table => "a weight from -127 to 127",
        Content::Gain => "a factor",
        Content::Scales => "a scale of at most 1/4",
        Content::Biases => "a bias from -32767 to 32767",
        Content::Unread => "0, the bias that this cell does not read",
        Content::Resolution => "a finite number above 0",
        Content::Shift => "a shift from 0 to 15",
        Content::Exponent => "an exponent from -40 to 40",
    }
}

/// The image was not written, because it would not open or would fail its self-test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum WriteError {
    /// The image does not fit into the buffer.
    Room(NoRoom),
    /// The image takes more bytes than its header can record.
    TooLong {
        /// Size of the image in bytes.
        bytes: usize,
    },
    /// A weight is NaN or infinite.
    Weight(NonFiniteWeight),
    /// An integer, a scale or a bias is outside of its range.
    Integer(UnusableInteger),
    /// Opening the image would fail with this error.
    Image(ImageError),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Room(error) => error.fmt(f),
            Self::TooLong { bytes } => write!(f, "the image takes {bytes} bytes; at most 4294967295 can be written"),
            Self::Weight(error) => error.fmt(f),
            Self::Integer(error) => error.fmt(f),
            Self::Image(error) => error.fmt(f),
        }
    }
}

impl Error for WriteError {}

/// A network failed the self-test of its image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum SelfTestError {
    /// The image has no probe, or its probe is for other inputs or outputs.
    Section(SectionError),
    /// The network cannot read the probe's sequence.
    Sequence(SequenceError),
    /// A weight is NaN or infinite.
    Weight {
        /// Index of the weight among all weights, in the order of the image.
        index: usize,
    },
    /// An integer, a scale or a bias is outside of its range.
    Integer(MisplacedInteger),
    /// An output of the network is NaN or infinite.
    NonFiniteOutput {
        /// Index of the first such output.
        output: usize,
    },
    /// An output is wrong: the weights or the arithmetic differ from those with which the image was written.
    Output {
        /// Index of the first such output.
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
                    "weight {index} of the image is NaN or infinite: its memory is failing, or the image must be written again"
                )
            }
            Self::Integer(error) => {
                write!(f, "{error}: its memory is failing, or the image must be written again")
            }
            Self::NonFiniteOutput { output } => {
                write!(
                    f,
                    "output {output} of the probe is NaN or infinite: the weights are too large for this arithmetic"
                )
            }
            Self::Output { output } => write!(f, "output {output} of the probe is not as expected"),
        }
    }
}

impl Error for SelfTestError {}
