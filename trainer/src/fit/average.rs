//! Averages of the weights of a run.

use super::numbers::{flat, set};
use elman::Parameters;
use serde::{Deserialize, Serialize};

/// Average of a run's weights, which is validated and returned in their place. Training continues from the
/// weights themselves.
///
/// The average is kept in f64, so that an average of equal weights is exactly these weights, and is rounded
/// to the network's number type for validation. It takes 8 bytes per weight, both in memory and in the
/// checkpoint.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Average {
    /// m ← `decay` · m + (1 − `decay`) · w after each update; after the first, m = w. Same as PyTorch's
    /// `AveragedModel` with `get_ema_multi_avg_fn(decay)`.
    ///
    /// Polyak, Juditsky, "Acceleration of stochastic approximation by averaging" (1992).
    Exponential {
        /// Weight of the previous average, in \[0, 1).
        decay: f64,
    },
    /// Mean of the weights at the ends of epoch `from` and all later epochs. Until then there is no average,
    /// and the weights themselves are validated.
    ///
    /// Izmailov et al., "Averaging weights leads to wider optima and better generalization", UAI (2018).
    Epochs {
        /// Number of the first epoch that counts, from 1.
        from: usize,
    },
}

impl Average {
    /// Returns the reason why the average cannot work, if there is one.
    pub(super) fn flaw(self, epochs: usize) -> Option<&'static str> {
        match self {
            Self::Exponential { decay } if !(0.0..1.0).contains(&decay) => {
                Some("the decay of averaged weights must be at least 0 and below 1")
            }
            Self::Epochs { from: 0 } => Some("epochs count from 1: averaged weights cannot begin at epoch 0"),
            Self::Epochs { from } if from > epochs => {
                Some("averaged weights must begin at one of the epochs: lower `from`, or make the run longer")
            }
            _ => None,
        }
    }
}

/// The average so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Averaged {
    /// Average of each weight; empty until the first weights are added.
    mean: Vec<f64>,
    /// Number of times that weights were added.
    count: u64,
}

impl Averaged {
    /// Adds the weights after an update to the average.
    pub fn update<N: Parameters<Scalar: Into<f64>>>(&mut self, how: Option<Average>, network: &N) {
        if let Some(Average::Exponential { decay }) = how {
            self.add(&flat(network), 1.0 - decay);
        }
    }

    /// Adds the weights at the end of epoch number `epoch` to the average.
    pub fn epoch<N: Parameters<Scalar: Into<f64>>>(&mut self, how: Option<Average>, epoch: usize, network: &N) {
        if let Some(Average::Epochs { from }) = how
            && epoch >= from
        {
            self.add(&flat(network), 1.0 / (self.count + 1) as f64);
        }
    }

    fn add(&mut self, weights: &[f64], part: f64) {
        if self.count == 0 {
            self.mean = weights.to_vec();
        }
        self.mean.iter_mut().zip(weights).for_each(|(mean, weight)| *mean += part * (weight - *mean));
        self.count += 1;
    }

    /// Replaces the network's weights with the average, if there is one; returns the previous weights.
    pub fn swap_in<N: Parameters<Scalar: Into<f64>>>(&self, network: &mut N) -> Option<Vec<f64>> {
        let weights = (self.count > 0).then(|| flat(network))?;
        set(network, &self.mean).map(|()| weights)
    }

    /// Returns `true` if this can be the average of `count` weights.
    pub fn is_sound(&self, count: usize) -> bool {
        self.mean.len() == if self.count == 0 { 0 } else { count }
    }
}
