//! Each cell: PyTorch's values, finite differences, equations by hand, and what holds for every cell.

mod differences;
mod fastgrnn;
mod golden;
mod gru;
mod lstm;
mod mgu;
mod properties;
