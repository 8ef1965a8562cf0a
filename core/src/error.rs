//! Error types, one for each concern. A function that returns an error has changed nothing, unless its documentation
//! says otherwise.

mod config;
mod image;
mod input;
mod quantize;
mod section;
mod text;
mod training;

pub use self::config::{ConfigError, SamplerError};
pub use self::image::{
    ImageError, MisplacedInteger, NoRoom, NonFiniteWeight, SelfTestError, UnusableInteger, WriteError,
};
pub use self::input::{OutOfRange, SequenceError, StatisticsError, StreamError};
pub use self::quantize::QuantizeError;
pub use self::section::{SectionError, WordFault};
pub use self::text::{EncodeError, UnknownWord, VocabularyError};
pub use self::training::TrainError;
