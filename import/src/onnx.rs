//! Reader for networks in ONNX: a graph becomes a [`Model`](elman_model::Model).
//!
//! A graph may have any number of RNN, GRU (both reset forms) and LSTM layers, forward or bidirectional, with or
//! without biases, an optional embedding (Gather) below them and a linear layer (Gemm, or MatMul and Add) above
//! them, as PyTorch's exporters write them. Operators that only move data are also supported: Transpose, Reshape,
//! Squeeze, Unsqueeze, Slice, Concat, Gather, Identity, Cast. A graph with any other operator, or with recurrent
//! layers that do not start from zeros, is refused; the error names the operator and the node. Tensors may be
//! f64, f32, f16 or bf16; the image holds f32.
//!
//! PyTorch's newer exporter unrolls an `nn.RNN` into single steps, which are refused; `dynamo=False` keeps the
//! `nn.RNN` whole. GRU and LSTM layers can be read from both exporters.
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
