//! Imports networks from other frameworks as an [`elman_model::Model`], which can be written as a flash image,
//! and exports a model to PyTorch.
//!
//! [`torch`] reads a state dict of PyTorch, [`onnx`] an ONNX graph. Each returns an [`Import`], or an
//! [`ImportError`] that explains the problem and how to solve it.

mod error;
mod import;
mod memory;
pub mod onnx;
mod shown;
pub mod torch;

pub use error::ImportError;
use import::finite;
pub use import::{Answers, Import};
