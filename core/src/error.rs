//! One flat error per concern. Nothing that returns one has changed anything, but where its documentation says so.

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
        /// The step, from 0.
        step: usize,
    },
    /// What the network answered at this step is NaN or infinite: its weights are not usable.
    NonFiniteOutput {
        /// The step, from 0.
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

/// A configuration cannot work: of a training run, of what follows a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum ConfigError {
    /// The learning rate is not a finite number above 0.
    LearningRate,
    /// The momentum or a decay rate is not in \[0, 1).
    Decay,
    /// The epsilon of a denominator is not a finite number above 0.
    Epsilon,
    /// The weight decay is not a finite number of at least 0.
    WeightDecay,
    /// The clipping limit is not a finite number above 0.
    Clip,
    /// Clipping was asked of an optimizer that keeps no gradient.
    ClipWithoutGradient,
    /// A class weight is negative or not finite, or all are zero.
    ClassWeight,
    /// The factor of an exponential average is not in (0, 1].
    Smoothing,
    /// The probability a class must reach is not in \[0, 1\].
    Threshold,
    /// The margin a class must have over the others is not in \[0, 1\].
    Margin,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LearningRate => "the learning rate must be finite and above 0",
            Self::Decay => "momentum and decay rates must be in [0, 1)",
            Self::Epsilon => "epsilon must be finite and above 0",
            Self::WeightDecay => "the weight decay must be finite and not negative",
            Self::Clip => "the clipping limit must be finite and above 0",
            Self::ClipWithoutGradient => "an optimizer that keeps no gradient cannot clip it",
            Self::ClassWeight => "class weights must be finite, not negative and not all zero",
            Self::Smoothing => "the smoothing factor must be in (0, 1]",
            Self::Threshold => "the threshold must be in [0, 1]",
            Self::Margin => "the margin must be in [0, 1]",
        })
    }
}

impl Error for ConfigError {}

/// A training step was refused. Weights, moments and state are as before; so is the gradient accumulated, but where
/// [`NonFiniteLoss`](Self::NonFiniteLoss) and [`NonFiniteGradient`](Self::NonFiniteGradient) say otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum TrainError {
    /// The sequence cannot be used.
    Sequence(SequenceError),
    /// There is not one target, or `None`, for each step, or there are more for the last steps than steps.
    TargetCount {
        /// Targets given.
        targets: usize,
        /// Steps of the sequence.
        steps: usize,
    },
    /// No step has a target that counts.
    NoTarget,
    /// More steps of a window, or of a segment of a checkpointed one, have a target than the workspace has room for.
    TooManyTargets {
        /// Targets given.
        targets: usize,
        /// Targets there is room for.
        capacity: usize,
    },
    /// The target of this step is NaN or infinite.
    NonFiniteTarget {
        /// The step, from 0.
        step: usize,
    },
    /// The loss is NaN or infinite. Found over a checkpointed tape once a later segment's gradient was added, it has
    /// dropped the gradient accumulated.
    NonFiniteLoss,
    /// The gradient is NaN, infinite or too large to square. If it was already added to the gradient accumulated, that is
    /// dropped: where it is too large to square, and over a checkpointed tape once a later segment's was added.
    NonFiniteGradient,
    /// An update was asked for before any gradient was accumulated.
    NothingAccumulated,
}

impl fmt::Display for TrainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sequence(error) => error.fmt(f),
            Self::TargetCount { targets, steps } => write!(f, "{targets} targets were given for {steps} steps"),
            Self::NoTarget => f.write_str("no step has a target that counts"),
            Self::TooManyTargets { targets, capacity } => {
                write!(f, "{targets} steps have a target, there is room for {capacity}")
            }
            Self::NonFiniteTarget { step } => write!(f, "the target of step {step} is NaN or infinite"),
            Self::NonFiniteLoss => f.write_str("the loss is NaN or infinite"),
            Self::NonFiniteGradient => f.write_str("the gradient is NaN, infinite or too large to square"),
            Self::NothingAccumulated => f.write_str("no gradient was accumulated"),
        }
    }
}

impl Error for TrainError {}

impl From<SequenceError> for TrainError {
    fn from(error: SequenceError) -> Self {
        Self::Sequence(error)
    }
}

/// A sample of a stream, or what came of it, cannot be used. What then becomes of the stream stands where it is returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum StreamError {
    /// The sample is NaN or infinite.
    NonFiniteInput,
    /// What the network made of the samples is NaN or infinite: a sample was too large, or its weights are not usable.
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
    /// The texts of the words would take more bytes than there are.
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

/// A sampler cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum SamplerError {
    /// The temperature is not a finite number above 0.
    Temperature,
    /// There is no token to draw from: k is 0.
    NoToken,
}

impl fmt::Display for SamplerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Temperature => "the temperature must be finite and above 0",
            Self::NoToken => "k must be at least 1",
        })
    }
}

impl Error for SamplerError {}

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
