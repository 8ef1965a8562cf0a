//! Check of PyTorch state dicts.

use crate::model;
use elman_import::torch;
use elman_model::Nonlinearity;

/// Checks that a model is the same after being written and read again.
pub fn check(bytes: &[u8]) {
    if let Ok(import) = torch::read(bytes, Nonlinearity::Relu) {
        model::check(&import.model);
    }
}
