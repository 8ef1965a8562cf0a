//! Problems with a known answer, drawn by a seed, that show what a recurrent network can learn.
//!
//! The same code runs on the host and on the device: nothing is allocated, a sample is drawn when it is needed.

#![no_std]

mod parity;

pub use parity::Parity;
