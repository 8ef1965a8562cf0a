//! The host side of elman.

pub mod pairs;
pub mod rnnd;
pub mod torch;
pub mod trials;

mod memory;
mod plan;
mod progress;

pub use memory::zeroed;
pub use plan::Plan;
pub use progress::Progress;
pub use trials::Trials;
