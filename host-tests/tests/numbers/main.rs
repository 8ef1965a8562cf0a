//! Numbers: sums, functions, random numbers, and values drawn from them.

mod init;
mod linalg;
mod math;
mod math_slices;
mod rng;
mod sample;
