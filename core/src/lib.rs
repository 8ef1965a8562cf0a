#![no_std]
#![doc = include_str!("../README.md")]
//!
//! ## How data flows
//!
//! During training, data passes through the modules in this order:
//!
//! sample → [`normalize`], [`vocabulary`] → [`input`] → [`cell`] step → [`tape`] → [`dense`] → [`loss`] → [`bptt`] →
//! gradient, of the same type as the weights ([`parameters`]) → [`clip`] → [`optim`] → weights → [`image`] → flash.
//!
//! [`trainer`] drives this for a cell or any other [`layer`]; [`task`] applies a trained network to sequences,
//! [`stream`] to endless input. All of these are built on [`math`], [`linalg`] and [`rng`].
//!
//! The root re-exports the most common types; the others are in their modules, such as [`optim::AdamW`] or
//! [`stream::Staggered`].

mod architecture;
pub mod bptt;
pub mod cell;
pub mod clip;
pub mod dense;
pub mod error;
pub mod frozen;
pub mod image;
pub mod init;
pub mod input;
pub mod inputs;
pub mod int8;
#[cfg(any(fpu, dsp))]
#[allow(unsafe_code)]
mod kernel;
pub mod layer;
pub mod linalg;
pub mod loss;
pub mod math;
pub mod metrics;
pub mod network;
pub mod normalize;
pub mod optim;
pub mod parameters;
pub mod part;
mod path;
mod present;
pub mod rng;
pub mod sample;
pub mod stacked;
pub mod stream;
mod sum;
pub mod tape;
pub mod target;
pub mod task;
pub mod tiles;
pub mod trainer;
pub mod vocabulary;
mod zero;

pub use cell::{Elman, Embedding, EncoderDecoder, FastGrnn, Gru, Lstm, Mgu, Projection, ResetBeforeGru, Side};
pub use clip::Clip;
pub use dense::Dense;
pub use error::{SequenceError, TrainError};
pub use frozen::Frozen;
pub use image::Image;
pub use input::{Class, Token};
pub use layer::{Bidirectional, Layer};
pub use loss::{CrossEntropy, SquaredError};
pub use math::{Fast, Libm, Math, Zero};
pub use network::Network;
pub use normalize::Normalizer;
pub use optim::{Adam, Sgd};
pub use parameters::Parameters;
pub use part::{Part, Reads, Step};
pub use rng::{Random, Xoshiro128};
pub use sample::Sampler;
pub use stacked::Stacked;
pub use target::{Each, Last, Masked};
pub use task::Reader;
pub use trainer::{Config, Job, Reduction, Trainer, Workspace};
pub use vocabulary::Vocabulary;
