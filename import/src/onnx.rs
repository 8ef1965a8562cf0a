//! Networks in ONNX: a graph becomes a [`Model`](elman_model::Model).
//!
//! Supported are the operators RNN, GRU (both reset forms) and LSTM, of any number of layers, forward or in both
//! directions, with or without biases, between an embedding (Gather) if there is one and a linear layer (Gemm, or
//! MatMul and Add), as PyTorch's exporters write them, and operators that only move data: Transpose, Reshape,
//! Squeeze, Unsqueeze, Slice, Concat, Gather, Identity, Cast. A graph with any other operator, or with recurrent
//! layers that do not start from zeros, is refused; the error names the operator and the node. Tensors may be
//! f64, f32, f16 or bf16; the image holds f32.
//!
//! PyTorch's newer exporter unrolls an `nn.RNN` into single steps, which are refused; with `dynamo=False` it
//! stays whole. GRU and LSTM layers can be read from both exporters.
//!
//! ```no_run
//! use elman_import::onnx;
//! let import = onnx::read(&std::fs::read("model.onnx")?)?;
//! println!("{}", import.model.description());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod beside;
mod files;
mod graph;
mod movement;
mod node;
pub mod proto;
mod read;
mod readout;
mod recurrent;
mod room;
mod signal;
mod size;
mod stored;
mod streaming;
mod tensor;
mod unknown;
mod value;

pub use beside::{alone, beside};
pub use read::{read, read_beside};
