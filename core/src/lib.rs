#![no_std]
#![doc = include_str!("../README.md")]
//!
//! ## How data flows
//!
//! The modules in the order in which a number passes them while a network learns:
//!
//! sample → [`normalize`], [`vocabulary`] → [`input`] → [`cell`] step → [`tape`] → [`dense`] → [`loss`] → [`bptt`] →
//! gradient, of the same type as the weights ([`parameters`]) → [`clip`] → [`optim`] → weights → [`image`] → flash.
//!
//! [`trainer`] drives that, for a cell or any other [`layer`]; [`task`] uses the result on sequences, [`stream`] on input without an end. Below all of it:
//! [`math`], [`linalg`], [`rng`].

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
pub mod trainer;
pub mod vocabulary;
mod zero;

pub use cell::{Elman, Embedding, Recurrent, Relu, Sigmoid, Tanh};
pub use cell::{EncoderDecoder, Projection, Side};
pub use cell::{FastGrnn, FullRank, LowRank};
pub use cell::{Gru, ResetAfter, ResetBefore, ResetBeforeGru};
pub use cell::{Lstm, LstmState, Mgu};
pub use clip::Clip;
pub use dense::{Dense, LearnedReadout, Readout};
pub use error::{ConfigError, OutOfRange, SamplerError, SequenceError, StreamError, TrainError};
pub use frozen::Frozen;
pub use image::Image;
pub use input::{Class, Input, Token};
pub use inputs::{Halves, Inputs};
pub use layer::{Bidirectional, Cell, Layer, Sequential};
pub use loss::{CrossEntropy, Loss, SquaredError, WeightedCrossEntropy};
#[cfg(feature = "micromath")]
pub use math::Micromath;
pub use math::{Fast, Libm, Math, Scalar, Zero};
pub use metrics::Confusion;
pub use network::{Model, Network};
pub use normalize::{Normalizer, Statistics};
pub use optim::{Adagrad, Adam, AdamW, InPlaceSgd, Momentum, Optimizer, RmsProp, Sgd};
pub use parameters::{Parameters, Path, Role, Tensor};
pub use part::{Part, Reads, Step};
#[cfg(feature = "rand_core")]
pub use rng::FromRandCore;
pub use rng::{Random, Xoshiro128};
pub use sample::Sampler;
pub use stacked::Stacked;
pub use stream::{Buffered, Carried, Staggered};
pub use stream::{Decision, ExponentialAverage, MovingAverage, Refractory, Threshold};
pub use tape::Tape;
pub use target::{Each, Final, Last, Masked, Tail, Targets};
pub use task::{Reader, TeacherForced};
pub use trainer::{Config, Job, Reduction, Report, Trainer, TrainingBytes, Workspace};
pub use vocabulary::{Marks, Vocabulary};
