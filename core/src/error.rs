//! One flat error per concern. Nothing that returns one has changed anything, but where its documentation says so.

mod config;
mod image;
mod input;
mod section;
mod text;
mod training;

pub use self::config::{ConfigError, SamplerError};
pub use self::image::{ImageError, NoRoom, NonFiniteWeight, SelfTestError, WriteError};
pub use self::input::{OutOfRange, SequenceError, StatisticsError, StreamError};
pub use self::section::{SectionError, WordFault};
pub use self::text::{EncodeError, UnknownWord, VocabularyError};
pub use self::training::TrainError;
