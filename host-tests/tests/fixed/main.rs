//! Fixed-point numbers: arithmetic, functions, sums, networks and learning.

mod functions;
mod golden;
mod image;
mod learning;
mod operators;
mod slopes;
mod sums;
mod training;
