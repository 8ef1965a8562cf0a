//! Networks of other frameworks: read into an [`elman_model::Model`], which is written as a flash image, and
//! exported again.
//!
//! [`torch`] reads a state dict of PyTorch, [`onnx`] a graph. Both return an [`Import`], or an [`ImportError`]
//! that explains the problem and its remedy.

mod error;
mod import;
mod memory;
pub mod onnx;
mod shown;
pub mod torch;

pub use error::ImportError;
use import::finite;
pub use import::{Answers, Import};
