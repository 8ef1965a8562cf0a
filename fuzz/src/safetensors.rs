//! State dicts of PyTorch.

use crate::model;
use elman_import::torch;
use elman_model::Nonlinearity;

/// A model that is read is the same after it was written and read again.
pub fn check(bytes: &[u8]) {
    if let Ok(import) = torch::read(bytes, Nonlinearity::Relu) {
        model::check(&import.model);
    }
}
