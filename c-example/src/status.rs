//! Return value of an entry: a result, or a negative status.

use crate::header::constant;
use core::str::Utf8Error;
use elman::error::{
    ConfigError, EncodeError, ImageError, OutOfRange, QuantizeError, SamplerError, SectionError, SelfTestError,
    StreamError, UnknownWord, VocabularyError, WriteError,
};
use elman::{SequenceError, TrainError};

/// Status of success.
pub const OK: i32 = 0;

/// Reason why an entry did nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Refused {
    /// The sequence has no steps.
    Empty = constant("RNN_EMPTY"),
    /// The sequence is longer than the header allows.
    TooLong = constant("RNN_TOO_LONG"),
    /// An input is NaN or infinite.
    Input = constant("RNN_INPUT_NOT_FINITE"),
    /// The loss, the gradient or the network's output is NaN or infinite.
    Network = constant("RNN_NETWORK_NOT_FINITE"),
    /// There is no such class or letter.
    Class = constant("RNN_NO_SUCH_CLASS"),
    /// The learning rate, the probability or the temperature is invalid.
    Config = constant("RNN_NOT_USABLE"),
    /// The bytes are not an image of the requested network.
    Weights = constant("RNN_NOT_AN_IMAGE"),
    /// The training memory holds an unfinished update.
    Busy = constant("RNN_BUSY"),
    /// The image does not fit into the buffer.
    Room = constant("RNN_NO_ROOM"),
}

/// Converts a result to the number that C receives.
pub fn answer(result: Result<i32, Refused>) -> i32 {
    result.unwrap_or_else(|refused| refused as i32)
}

impl From<SequenceError> for Refused {
    fn from(error: SequenceError) -> Self {
        match error {
            SequenceError::Empty | SequenceError::TooShort { .. } => Self::Empty,
            SequenceError::TooLong { .. } => Self::TooLong,
            SequenceError::NonFiniteInput { .. } => Self::Input,
            SequenceError::NonFiniteOutput { .. } => Self::Network,
        }
    }
}

impl From<TrainError> for Refused {
    fn from(error: TrainError) -> Self {
        match error {
            TrainError::Sequence(error) => error.into(),
            TrainError::NonFiniteLoss | TrainError::NonFiniteGradient | TrainError::NonFiniteWeight => Self::Network,
            TrainError::TargetCount { .. } | TrainError::TooManyTargets { .. } => Self::TooLong,
            TrainError::UnderWay | TrainError::StaleJob => Self::Busy,
            TrainError::Unfinished { .. } | TrainError::OtherSequence { .. } => Self::Busy,
            // These errors need targets that are not classes, or calls that no entry makes.
            TrainError::NoTarget | TrainError::NonFiniteTarget { .. } | TrainError::NothingAccumulated => Self::Empty,
        }
    }
}

impl From<StreamError> for Refused {
    fn from(error: StreamError) -> Self {
        match error {
            StreamError::NonFiniteInput => Self::Input,
            StreamError::NonFiniteOutput => Self::Network,
        }
    }
}

impl From<OutOfRange> for Refused {
    fn from(_: OutOfRange) -> Self {
        Self::Class
    }
}

impl From<ConfigError> for Refused {
    fn from(_: ConfigError) -> Self {
        Self::Config
    }
}

impl From<ImageError> for Refused {
    fn from(_: ImageError) -> Self {
        Self::Weights
    }
}

impl From<WriteError> for Refused {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Room(_) | WriteError::TooLong { .. } => Self::Room,
            WriteError::Weight(_) | WriteError::Integer(_) => Self::Network,
            WriteError::Image(_) => Self::Weights,
        }
    }
}

impl From<QuantizeError> for Refused {
    fn from(error: QuantizeError) -> Self {
        match error {
            QuantizeError::NothingObserved => Self::Empty,
            QuantizeError::NonFiniteWeight(_) | QuantizeError::NonFiniteOutput { .. } => Self::Network,
            QuantizeError::LargeWeight { .. }
            | QuantizeError::LargeBias { .. }
            | QuantizeError::UnequalUnits { .. } => Self::Config,
        }
    }
}

impl From<SelfTestError> for Refused {
    fn from(_: SelfTestError) -> Self {
        Self::Weights
    }
}

impl From<SectionError> for Refused {
    fn from(_: SectionError) -> Self {
        Self::Weights
    }
}

impl From<EncodeError> for Refused {
    fn from(error: EncodeError) -> Self {
        match error {
            EncodeError::Unknown(error) => error.into(),
            EncodeError::Sequence(error) => error.into(),
        }
    }
}

impl From<UnknownWord> for Refused {
    fn from(_: UnknownWord) -> Self {
        Self::Class
    }
}

impl From<Utf8Error> for Refused {
    fn from(_: Utf8Error) -> Self {
        Self::Class
    }
}

impl From<VocabularyError> for Refused {
    fn from(_: VocabularyError) -> Self {
        Self::Class
    }
}

impl From<SamplerError> for Refused {
    fn from(_: SamplerError) -> Self {
        Self::Config
    }
}
