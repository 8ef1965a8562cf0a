//! Results of a training run, epoch by epoch.

use serde::{Deserialize, Serialize};

/// Results of an epoch of training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    /// Number of the epoch, from 1.
    pub epoch: usize,
    /// Number of updates from the start of the run to the end of this epoch.
    pub updates: usize,
    /// Learning rate of the last update.
    pub rate: f64,
    /// Loss on the training samples, reduced according to [`Fit::steps`](crate::fit::Fit::steps), each
    /// computed with the network at the time when the sample was read.
    pub train_loss: f64,
    /// Share of training targets predicted correctly, in \[0, 1\], excluding targets of weight 0; `None` if targets are
    /// not classes.
    pub train_accuracy: Option<f64>,
    /// Loss on the validation samples at the end of the epoch, reduced like the training loss; `None` if
    /// there are no samples.
    pub valid_loss: Option<f64>,
    /// Share of validation targets predicted correctly, in \[0, 1\]; `None` if there are none or they are not classes.
    pub valid_accuracy: Option<f64>,
    /// Mean of ‖g‖₂ over the updates, before clipping; `None` for an optimizer that keeps no gradient.
    pub gradient_norm: Option<f64>,
    /// Wall-clock time in seconds, including validation: the only figure that differs from run to run.
    pub seconds: f64,
}

/// Epochs so far, and the best of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// Epochs in the order they were run.
    pub epochs: Vec<Epoch>,
    /// Index in `epochs` of the epoch with the lowest validation loss, the first of equal ones; `None` if there was no
    /// validation.
    pub best: Option<usize>,
}

impl History {
    /// Returns the epoch with the lowest validation loss.
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
