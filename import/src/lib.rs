//! Networks of other frameworks, read into an [`elman_model::Model`], which is written as an image for the flash; and the way
//! back.
//!
//! [`torch`] reads a state dict of PyTorch, [`onnx`] a graph. Both give an [`Import`], or an [`ImportError`] that says what was
//! not understood and what to do.

mod error;
mod import;
mod memory;
pub mod onnx;
mod shown;
pub mod torch;

pub use error::ImportError;
use import::finite;
pub use import::{Answers, Import};
