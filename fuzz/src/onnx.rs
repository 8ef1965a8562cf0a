//! Check of ONNX graphs.

use crate::model;
use elman_import::onnx;

/// Checks that a model is the same after being written and read again.
pub fn check(bytes: &[u8]) {
    if let Ok(import) = onnx::read(bytes) {
        model::check(&import.model);
    }
}
