//! Problems with known answers, drawn from a seed, that show what a recurrent network can learn.
//!
//! The same code runs on the host and on the device: nothing is allocated, and each sample is drawn when it is
//! needed.

#![no_std]

pub mod adding;
pub mod captions;
pub mod parity;
pub mod reber;
pub mod sentences;
pub mod series;
pub mod teddy;
pub mod transduce;

pub use adding::Adding;
pub use captions::Caption;
pub use parity::Parity;
pub use reber::Reber;
pub use series::MackeyGlass;
pub use teddy::Teddy;
pub use transduce::Transduction;
