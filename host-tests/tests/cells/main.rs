//! Each cell: PyTorch's values, finite differences, equations by hand, and the properties of every cell.

mod differences;
mod fastgrnn;
mod golden;
mod gru;
mod lstm;
mod mgu;
mod properties;
