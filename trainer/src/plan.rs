//! How long and how fast a network is trained.

use elman::{Adam, Clip, Config, Reduction};

/// A training run with Adam: a fixed number of updates, the rate falling linearly towards 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// Updates of the weights.
    pub updates: usize,
    /// Sequences whose gradients are averaged for an update.
    pub batch: usize,
    /// The learning rate of the first update.
    pub rate: f32,
    /// The gradient is cut to this norm.
    pub clip: f32,
}

impl Plan {
    /// The configuration of each update, in order: means over steps and sequences.
    pub fn configs<L: Copy>(self, loss: L) -> impl Iterator<Item = Config<Adam, L>> {
        (0..self.updates).map(move |update| Config {
            optimizer: Adam::new(self.rate * (1.0 - update as f32 / self.updates as f32)),
            loss,
            clip: Clip::Norm(self.clip),
            steps: Reduction::Mean,
            sequences: Reduction::Mean,
        })
    }
}
