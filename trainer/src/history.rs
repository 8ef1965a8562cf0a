//! Results of a training run, epoch by epoch.

use serde::{Deserialize, Serialize};

/// Results of an epoch of training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    /// Its number, from 1.
    pub epoch: usize,
    /// Updates of the weights since the run began, this epoch's included.
    pub updates: usize,
    /// The learning rate of its last update.
    pub rate: f64,
    /// The loss of the training samples, reduced as [`Fit::steps`](crate::fit::Fit::steps) says, each as the network was when it was read.
    pub train_loss: f64,
    /// Share of training targets predicted correctly, in \[0, 1\], without those of weight 0; `None` if targets are not classes.
    pub train_accuracy: Option<f64>,
    /// The loss of the validation samples at the epoch's end, reduced in the same way; `None` without any.
    pub valid_loss: Option<f64>,
    /// Share of validation targets predicted correctly, in \[0, 1\]; `None` without any, or if targets are not classes.
    pub valid_accuracy: Option<f64>,
    /// The mean of ‖g‖₂ over the updates, before clipping; `None` for an optimizer that keeps no gradient.
    pub gradient_norm: Option<f64>,
    /// Wall-clock time in seconds, validation included: the only figure that differs from run to run.
    pub seconds: f64,
}

/// Epochs so far, and the best of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// Epochs in the order they were run.
    pub epochs: Vec<Epoch>,
    /// The place in `epochs` of the one with the lowest validation loss, the first of equal ones; `None` without validation.
    pub best: Option<usize>,
}

impl History {
    /// The epoch with the lowest validation loss.
    #[must_use]
    pub fn best(&self) -> Option<&Epoch> {
        self.epochs.get(self.best?)
    }

    /// Adds an epoch; returns `true` if it is the best so far.
    pub fn push(&mut self, epoch: Epoch) -> bool {
        let lowest = self.best().and_then(|best| best.valid_loss);
        let better = epoch.valid_loss.is_some_and(|loss| lowest.is_none_or(|lowest| loss < lowest));
        if better {
            self.best = Some(self.epochs.len());
        }
        self.epochs.push(epoch);
        better
    }
}
