//! Numbers: sums, functions, random numbers, and what is drawn from them.

mod init;
mod linalg;
mod math;
mod math_slices;
mod rng;
mod sample;
