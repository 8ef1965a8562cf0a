//! Graphs in ONNX.

use crate::model;
use elman_import::onnx;

/// A model that is read is the same after it was written and read again.
pub fn check(bytes: &[u8]) {
    if let Ok(import) = onnx::read(bytes) {
        model::check(&import.model);
    }
}
