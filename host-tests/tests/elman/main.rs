//! The Elman cell: PyTorch's values, finite differences, and the properties of every window, with each kind of target.

mod differences;
mod golden;
mod properties;
