//! The host side of elman.

pub mod data;
pub mod dropout;
pub mod fit;
pub mod history;
pub mod import;
pub mod interrupt;
pub mod language;
pub mod model;
pub mod onnx;
pub mod pairs;
#[cfg(feature = "report")]
pub mod report;
pub mod sample;
pub mod seeds;
pub mod torch;
pub mod trials;

mod failure;
mod memory;
mod progress;

pub use dropout::Dropout;
pub use fit::{Fit, fit};
pub use history::{Epoch, History};
pub use memory::zeroed;
pub use progress::Progress;
#[cfg(feature = "report")]
pub use report::{Report, report};
pub use sample::{Sample, ToEach, ToNext, ToOne, ToSome};
pub use trials::Trials;
