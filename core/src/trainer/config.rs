use crate::clip::Clip;
use crate::error::ConfigError;
use crate::loss::{CrossEntropy, Loss};
use crate::math::Math;
use crate::optim::{Memory, Optimizer};
use crate::parameters::Parameters;

/// How the losses of several steps, or the gradients of several sequences, become one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Reduction {
    /// Their sum.
    #[default]
    Sum,
    /// Their mean, weighted where the loss has weights.
    Mean,
}

/// What stays the same during a training run.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Config<O: Optimizer, L = CrossEntropy> {
    /// The update rule with its learning rate.
    pub optimizer: O,
    /// What is made small.
    pub loss: L,
    /// What keeps the gradient from exploding.
    pub clip: Clip<O::Scalar>,
    /// Over the steps of a sequence.
    pub steps: Reduction,
    /// Over the sequences accumulated before an update.
    pub sequences: Reduction,
}

impl<O: Optimizer> Config<O> {
    /// Cross-entropy, summed over steps and sequences, not clipped.
    pub const fn new(optimizer: O) -> Self {
        Self { optimizer, loss: CrossEntropy, clip: Clip::None, steps: Reduction::Sum, sequences: Reduction::Sum }
    }
}

impl<O: Optimizer, L> Config<O, L> {
    pub(super) fn check<M, Y, N>(&self) -> Result<(), ConfigError>
    where
        L: Loss<M, Y>,
        M: Math<Scalar = O::Scalar>,
        N: Parameters<Scalar = O::Scalar>,
    {
        self.optimizer.check()?;
        self.clip.check()?;
        self.loss.check()?;
        let clips = self.clip != Clip::None;
        let keeps = <O::Memory<N::Gradient> as Memory<N::Gradient>>::KEEPS_GRADIENT;
        if clips && !keeps { Err(ConfigError::ClipWithoutGradient) } else { Ok(()) }
    }
}

/// What an update did.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Report<T> {
    /// The loss of the sequence, before the update.
    pub loss: T,
    /// ‖g‖₂ of the whole gradient, after the mean over sequences and before clipping; `None` if none was kept.
    pub gradient_norm: Option<T>,
}
