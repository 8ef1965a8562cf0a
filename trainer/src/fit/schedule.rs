//! The learning rate over a run.

use std::f64::consts::PI;

/// Learning-rate schedule: the factor of the rate at each update. After the [warm-up](crate::Fit::warm_up), x
/// rises from 0 at the first update towards 1 after the last.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Schedule {
    /// 1: constant rate.
    #[default]
    Constant,
    /// 1 − x: linear decrease towards 0.
    Linear,
    /// `factor`ⁿ after n · `epochs` epochs: decrease in steps. The epochs of a warm-up count.
    Step {
        /// Epochs from one step to the next, at least 1.
        epochs: usize,
        /// Factor of a step, above 0.
        factor: f64,
    },
    /// `end` + (1 − `end`) · (1 + cos πx) / 2: falls slowly, then fast, then slowly towards `end`.
    ///
    /// Loshchilov, Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR (2017), without restarts.
    Cosine {
        /// Last factor, in \[0, 1\].
        end: f64,
    },
}

/// Position of an update in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Index of the update, from 0.
    pub update: usize,
    /// Total number of updates.
    pub updates: usize,
    /// Index of the epoch, from 0.
    pub epoch: usize,
    /// Number of updates over which the learning rate rises linearly to its full value.
    pub warm_up: usize,
}

impl Schedule {
    /// Returns the factor of the learning rate for the update at `position`.
    #[must_use]
    pub fn factor(self, position: Position) -> f64 {
        let Position { update, updates, epoch, warm_up } = position;
        let Some(after) = update.checked_sub(warm_up) else {
            return (update + 1) as f64 / (warm_up + 1) as f64;
        };
        let x = after as f64 / updates.saturating_sub(warm_up).max(1) as f64;
        match self {
            Self::Constant => 1.0,
            Self::Linear => 1.0 - x,
            Self::Step { epochs, factor } => libm::pow(factor, (epoch / epochs) as f64),
            Self::Cosine { end } => end + (1.0 - end) * (1.0 + libm::cos(PI * x)) / 2.0,
        }
    }

    /// Returns the reason why the schedule cannot work, if there is one.
    pub(super) fn flaw(self) -> Option<&'static str> {
        match self {
            Self::Step { epochs: 0, .. } => Some("a step schedule needs at least one epoch per step"),
            Self::Step { factor, .. } if !(factor.is_finite() && factor > 0.0) => {
                Some("the factor of a step schedule must be finite and above 0")
            }
            Self::Cosine { end } if !(0.0..=1.0).contains(&end) => {
                Some("the end of a cosine schedule must be in [0, 1]")
            }
            _ => None,
        }
    }
}
