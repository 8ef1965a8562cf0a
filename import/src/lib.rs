//! Import of networks from other frameworks into an [`elman_model::Model`], which can be written as a flash image,
//! and export back.
//!
//! [`torch`] reads a state dict of PyTorch, [`onnx`] an ONNX graph. Both return an [`Import`], or an [`ImportError`]
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
