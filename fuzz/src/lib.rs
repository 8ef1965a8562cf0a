//! Checks for each reader of outside bytes, run by libFuzzer (`fuzz_targets/`) and on the committed inputs
//! (`tests/`).
//!
//! A reader must return for any bytes. Accepted content is checked, too: an image, a `.rnnd` data set or a
//! vocabulary must equal the bytes that our writer writes; a model or a data set in a foreign format must be the
//! same after our writer has written it and our reader has read it again.

#![allow(clippy::missing_panics_doc, reason = "a check that fails panics")]

pub mod csv;
pub mod image;
pub mod npy;
pub mod npz;
pub mod onnx;
pub mod rnnd;
pub mod safetensors;
pub mod vocabulary;

mod model;
mod sections;
mod set;

pub use sections::written;

/// Check of a reader: panics if wrong bytes were accepted.
pub type Check = fn(&[u8]);

/// Every target by name, which is also the name of its folder in `corpus/`.
pub const TARGETS: [(&str, Check); 8] = [
    ("image", image::check),
    ("safetensors", safetensors::check),
    ("onnx", onnx::check),
    ("npy", npy::check),
    ("npz", npz::check),
    ("csv", csv::check),
    ("rnnd", rnnd::check),
    ("vocabulary", vocabulary::check),
];
