use crate::clip::Clip;
use crate::error::ConfigError;
use crate::loss::{CrossEntropy, Loss};
use crate::math::Math;
use crate::optim::Optimizer;

/// Reduction of the losses of several steps or sequences to one loss.
///
/// With l the loss of a step and w the weight of its target (1 if the loss has no weights), an update minimises:
///
/// | steps | sequences | loss of a batch |
/// |---|---|---|
/// | `Sum` | `Sum` | ΣΣ w·l |
/// | `Mean` | `Sum` | Σ over sequences of (Σ w·l / Σ w) |
/// | `Sum` | `Mean` | ΣΣ w·l / number of sequences with a target |
/// | `Mean` | `Mean` | ΣΣ w·l / ΣΣ w, as in PyTorch's `CrossEntropyLoss(weight=w)` |
///
/// A target of weight 0 is treated as no target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Reduction {
    /// Sum of the losses.
    #[default]
    Sum,
    /// Weighted mean of the losses.
    Mean,
}

/// Configuration of a training run.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Config<O: Optimizer, L = CrossEntropy> {
    /// Update rule with its learning rate.
    pub optimizer: O,
    /// Loss to minimise.
    pub loss: L,
    /// Gradient clipping.
    pub clip: Clip<O::Scalar>,
    /// Reduction over the steps of a sequence.
    pub steps: Reduction,
    /// Reduction over the sequences accumulated before an update.
    pub sequences: Reduction,
}

impl<O: Optimizer> Config<O> {
    /// Creates a configuration with cross-entropy, summed over steps and sequences, and no clipping.
    pub const fn new(optimizer: O) -> Self {
        Self { optimizer, loss: CrossEntropy, clip: Clip::None, steps: Reduction::Sum, sequences: Reduction::Sum }
    }
}

impl<O: Optimizer, L> Config<O, L> {
    /// Returns this configuration with another loss.
    pub fn with_loss<M>(self, loss: M) -> Config<O, M> {
        let Self { optimizer, clip, steps, sequences, .. } = self;
        Config { optimizer, loss, clip, steps, sequences }
    }

    pub(super) fn check<M, Y>(&self) -> Result<(), ConfigError>
    where
        L: Loss<M, Y>,
        M: Math<Scalar = O::Scalar>,
    {
        self.optimizer.check()?;
        self.clip.check()?;
        self.loss.check()?;
        let clips = self.clip != Clip::None;
        if clips && !O::KEEPS_GRADIENT { Err(ConfigError::ClipWithoutGradient) } else { Ok(()) }
    }
}

/// Result of an update.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Report<T> {
    /// Loss of this sequence alone before the update: Σ w·l over its steps, or Σ w·l / Σ w if [`Config::steps`] is
    /// [`Reduction::Mean`]. The table in [`Reduction`] gives the loss of a batch.
    pub loss: T,
    /// Norm ‖g‖₂ of the gradient of the batch's loss before clipping; `None` if the optimizer keeps no gradient or
    /// nothing was updated.
    pub gradient_norm: Option<T>,
}

/// Effect of [`Trainer::abandon`](crate::Trainer::abandon).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Abandoned {
    /// No job was under way.
    #[default]
    Nothing,
    /// The sequence was discarded. Weights, moments and accumulated gradient are unchanged.
    Sequence,
    /// Part of the sequence's gradient had already been added, so the whole accumulated gradient was discarded,
    /// including that of earlier sequences. Weights and moments are unchanged.
    Gradient,
}
