#![no_std]
#![doc = "placeholder"]

pub mod cell;
pub mod dense;
pub mod error;
pub mod init;
pub mod input;
pub mod linalg;
pub mod math;
pub mod network;
pub mod parameters;
pub mod rng;

pub use cell::{Cell, Elman, Frozen, Recurrent, Relu, Tanh};
pub use dense::{Dense, Readout};
pub use error::{OutOfRange, SequenceError};
pub use input::{Class, Input, Token};
#[cfg(feature = "micromath")]
pub use math::Micromath;
pub use math::{Fast, Libm, Magnitude, Math, Scalar, Zero};
pub use network::{Model, Network};
pub use parameters::{Gradient, Parameters, Path, Role, Tensor};
pub use rng::Random;
