//! The learning rate over a run.

use std::f64::consts::PI;

/// Learning-rate schedule: the factor of the learning rate at each update. After the
/// [warm-up](crate::Fit::warm_up), x rises from 0 at the first update towards 1 after the last.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Schedule {
    /// 1: constant rate.
    #[default]
    Constant,
    /// 1 − x: linear decrease towards 0.
    Linear,
    /// `factor`ⁿ after n · `epochs` epochs: decrease in steps. Epochs of the warm-up count too.
    Step {
        /// Number of epochs from one step to the next, at least 1.
        epochs: usize,
        /// Factor at each step, above 0.
        factor: f64,
    },
    /// `end` + (1 − `end`) · (1 + cos πx) / 2: falls slowly, then fast, then slowly towards `end`.
    ///
    /// Loshchilov, Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR (2017), without restarts.
    Cosine {
        /// Last factor, in \[0, 1\].
        end: f64,
    },
    /// Rises from 1/`below` to 1 at update `rise` · n − 1 of n, then falls to 1/(`below` · `end_below`) at
    /// the last update. Each part is half a cosine: from a to b, the factor is b + (a − b)(1 + cos πx) / 2
    /// for x from 0 to 1. With a warm-up, n counts only the updates after it.
    ///
    /// Same as PyTorch's `OneCycleLR` with `pct_start`, `div_factor`, `final_div_factor` and
    /// `cycle_momentum=False`; the optimizer's rate is PyTorch's `max_lr`. If the peak falls on the first
    /// update, which PyTorch cannot handle, the factor begins at 1.
    ///
    /// Smith, Topin, "Super-convergence: very fast training of neural networks using large learning rates" (2019).
    OneCycle {
        /// Share of the updates during which the rate rises, in \[0, 1\].
        rise: f64,
        /// Ratio of the highest rate to the first, above 0.
        below: f64,
        /// Ratio of the first rate to the last, above 0.
        end_below: f64,
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
    /// Returns a cycle that rises during the share `rise` of the updates, in \[0, 1\], from a 25th of the
    /// full rate, and ends at a ten-thousandth of the first rate.
    #[must_use]
    pub const fn one_cycle(rise: f64) -> Self {
        Self::OneCycle { rise, below: 25.0, end_below: 1e4 }
    }

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
            Self::Cosine { end } => half_cosine(1.0, end, x),
            Self::OneCycle { rise, below, end_below } => {
                let last = updates.saturating_sub(warm_up) as f64 - 1.0;
                let (top, after) = (rise * (last + 1.0) - 1.0, after as f64);
                if after <= top {
                    half_cosine(1.0 / below, 1.0, share(after, top))
                } else {
                    half_cosine(1.0, 1.0 / below / end_below, share(after - top, last - top))
                }
            }
        }
    }

    /// Returns the reason why the schedule cannot work, if there is one.
    pub(super) fn flaw(self) -> Option<&'static str> {
        match self {
            Self::Step { epochs: 0, .. } => Some("a step schedule needs at least one epoch per step"),
            Self::Step { factor, .. } if !is_positive(factor) => {
                Some("the factor of a step schedule must be finite and above 0")
            }
            Self::Cosine { end } if !(0.0..=1.0).contains(&end) => {
                Some("the end of a cosine schedule must be in [0, 1]")
            }
            Self::OneCycle { rise, .. } if !(0.0..=1.0).contains(&rise) => {
                Some("the part of a cycle in which the rate rises must be in [0, 1]")
            }
            Self::OneCycle { below, end_below, .. } if ![below, end_below].iter().all(|&ratio| is_positive(ratio)) => {
                Some("the ratios of a cycle's rates must be finite and above 0")
            }
            _ => None,
        }
    }
}

/// Returns a half cosine at x, from `first` at x = 0 to `last` at x = 1.
fn half_cosine(first: f64, last: f64, x: f64) -> f64 {
    last + (first - last) * (1.0 + libm::cos(PI * x)) / 2.0
}

/// Returns `gone` as a share of `way`; 1 if `way` is not above 0.
fn share(gone: f64, way: f64) -> f64 {
    if way > 0.0 { gone / way } else { 1.0 }
}

fn is_positive(ratio: f64) -> bool {
    ratio.is_finite() && ratio > 0.0
}
