//! The host side of elman.

pub mod rnnd;

mod memory;
mod progress;

pub use memory::zeroed;
pub use progress::Progress;
