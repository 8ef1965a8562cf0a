//! State of a run without its weights and moments, and the earlier weights that it keeps.

use super::Patience;
use super::average::Averaged;
use crate::{Epoch, History};
use elman::{Random, Xoshiro128};
use serde::{Deserialize, Serialize};

/// State of a run between two updates.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct State {
    /// Indices of the samples in the order of this epoch.
    pub order: Vec<u32>,
    /// Number of samples read so far in this epoch.
    pub read: usize,
    /// Total number of updates made.
    pub updates: usize,
    /// State of the random generator.
    pub rng: [u32; 4],
    /// Sums over this epoch so far.
    pub sums: Sums,
    /// Epochs completed so far.
    pub history: History,
}

/// Weights kept in addition to those in training.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Kept {
    /// The weights of the best epoch so far, averaged if the run averages them.
    pub best: Option<Vec<f64>>,
    pub average: Averaged,
}

impl Kept {
    /// Returns `true` if a run with `weights` weights could have kept these.
    pub fn is_sound(&self, weights: usize) -> bool {
        self.best.as_ref().is_none_or(|best| best.len() == weights) && self.average.is_sound(weights)
    }
}

/// Losses of several samples, to be reduced to one.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Reduced {
    /// ΣΣ w·l.
    pub total: f64,
    /// ΣΣ w, or the number of samples with a target that counts.
    pub parts: f64,
}

impl Reduced {
    /// Adds the losses of one or more samples.
    pub fn add(&mut self, total: f64, parts: f64) {
        self.total += total;
        self.parts += parts;
    }

    /// Returns the reduced loss.
    pub fn value(&self) -> f64 {
        self.total / self.parts
    }
}

/// Sums over an epoch so far.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Sums {
    pub loss: Reduced,
    pub answers: [u64; 2],
    /// Sum of the gradient norms, and their number.
    pub norm: (f64, u32),
    pub rate: f64,
    pub seconds: f64,
}

impl Sums {
    /// Adds the figures of an update.
    pub fn add(&mut self, loss: &Reduced, answers: [u64; 2], norm: Option<f64>, rate: f64) {
        self.loss.add(loss.total, loss.parts);
        self.answers.iter_mut().zip(answers).for_each(|(sum, count)| *sum += count);
        if let Some(norm) = norm {
            self.norm = (self.norm.0 + norm, self.norm.1 + 1);
        }
        self.rate = rate;
    }
}

impl State {
    /// Creates the state at the start of a run over `count` samples.
    pub fn new(count: u32, seed: u64) -> Self {
        // Not the generator that the same seed gives, from which the first weights were probably drawn.
        let rng = Xoshiro128::from_seed(!seed).state();
        let order = (0..count).collect();
        let mut state = Self { order, read: 0, updates: 0, rng, sums: Sums::default(), history: History::default() };
        state.shuffle();
        state
    }

    /// Returns `true` if all samples of this epoch have been read.
    pub fn is_read(&self) -> bool {
        self.read >= self.order.len()
    }

    /// Returns `true` if a run over `count` samples could have left this state.
    pub fn is_sound(&self, count: usize) -> bool {
        let mut order = self.order.clone();
        order.sort_unstable();
        let best = self.history.best.is_none_or(|best| best < self.history.epochs.len());
        best && self.read <= count && order.len() == count && order.iter().enumerate().all(|(i, &n)| i == n as usize)
    }

    /// Closes this epoch and begins the next; returns `true` if the closed epoch is the best so far.
    pub fn close(&mut self, valid: Option<(f64, Option<f64>)>) -> bool {
        let Sums { loss, answers, norm: (norm, norms), rate, seconds } = std::mem::take(&mut self.sums);
        let best = self.history.push(Epoch {
            epoch: self.history.epochs.len() + 1,
            updates: self.updates,
            rate,
            train_loss: loss.value(),
            train_accuracy: share(answers),
            valid_loss: valid.map(|(loss, _)| loss),
            valid_accuracy: valid.and_then(|(_, accuracy)| accuracy),
            gradient_norm: (norms > 0).then(|| norm / f64::from(norms)),
            seconds,
        });
        self.read = 0;
        self.shuffle();
        best
    }

    fn shuffle(&mut self) {
        let mut rng = Xoshiro128::from_state(self.rng);
        rng.shuffle(&mut self.order);
        self.rng = rng.state();
    }
}

/// Returns the share of correct predictions; `None` if there are no predictions.
pub fn share([right, answers]: [u64; 2]) -> Option<f64> {
    (answers > 0).then(|| right as f64 / answers as f64)
}

impl Patience {
    /// Returns `true` if the run has gone without an improvement for [`epochs`](Self::epochs) epochs.
    pub(super) fn is_over(self, history: &History) -> bool {
        let (mut reference, mut waited) = (f64::INFINITY, 0);
        for loss in history.epochs.iter().filter_map(|epoch| epoch.valid_loss) {
            if loss < reference - self.min_delta {
                (reference, waited) = (loss, 0);
            } else {
                waited += 1;
            }
        }
        waited >= self.epochs
    }
}
