//! Conversion between PyTorch state dicts in safetensors files and a [`Model`](elman_model::Model).
//!
//! A network may have one `nn.RNN`, `nn.GRU` or `nn.LSTM` of any number of layers, in one direction or both, with
//! or without biases, an `nn.Linear` above it, and an optional `nn.Embedding` below it. The names of the modules
//! do not matter as long as there is only one module of each kind. Tensors may be f64, f32, f16 or bf16; the
//! image holds f32.
//!
//! ```no_run
//! use elman_files::output;
//! use elman_import::torch;
//! use elman_model::Nonlinearity;
//! let import = torch::read(&std::fs::read("model.safetensors")?, Nonlinearity::Tanh)?;
//! println!("{}", import.model.description());
//! output::write_all(&[
//!     ("model.elman".as_ref(), &import.model.image()?),
//!     ("model.rs".as_ref(), import.model.module("model.elman")?.as_bytes()),
//! ])?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod read;
mod tensors;
mod write;

pub use read::{read, read_renamed};
pub use write::write;
