use super::batch::Batch;
use super::{Reduction, Trainer, Workspace};
use crate::clip::{Norm, Scaling};
use crate::dense::LearnedReadout;
use crate::error::TrainError;
use crate::layer::{Layer, Sequential};
use crate::loss::Loss;
use crate::math::{Math, Scalar, Zero};
use crate::network::Network;
use crate::optim::{Memory, Optimizer};
use crate::parameters::{Parameters, walk_range};

/// The way of a gradient into the weights.
impl<C, R, O, const T: usize, const S: usize, const P: usize, L> Trainer<'_, Network<C, R>, O, T, S, P, L>
where
    C: Sequential,
    R: LearnedReadout<C::Output, Scalar = C::Scalar>,
    O: Optimizer<Scalar = C::Scalar>,
    L: Loss<C::Math, R::Output>,
{
    /// Whether there is a gradient, or the weights change as it is found.
    const KEEPS_GRADIENT: bool = <O::Memory<<Network<C, R> as Parameters>::Gradient> as Memory<_>>::KEEPS_GRADIENT;

    /// Reductions over steps and sequences. Without a gradient every sequence is a batch of its own.
    pub(super) const fn reductions(&self) -> [Reduction; 2] {
        [self.config.steps, if Self::KEEPS_GRADIENT { self.config.sequences } else { Reduction::Sum }]
    }

    /// Checks that what is added to gradient or weights stays finite, if no element of the gradient is above `bound`.
    pub(super) fn check_bound(&self, bound: C::Scalar) -> Result<(), TrainError> {
        if !bound.is_finite() {
            Err(TrainError::NonFiniteGradient)
        } else if Self::KEEPS_GRADIENT || is_small(bound * self.config.optimizer.rate()) {
            Ok(())
        } else {
            Err(TrainError::NonFiniteWeight)
        }
    }

    /// Whether no update of this optimizer can make a weight infinite, since the squares of a gradient are finite.
    pub(super) fn is_bounded(&self) -> bool {
        let root = C::Math::sqrt(C::Scalar::MAX);
        // Twice, for the rounding of moments and for roots that are approximations.
        is_small(self.config.optimizer.reach(root + root))
    }

    /// Checks that the update of the parameters from `start`, `length` of them, leaves them finite; else the gradient is
    /// dropped.
    pub(super) fn try_range(&mut self, norm: Option<C::Scalar>, start: usize, length: usize) -> Result<(), TrainError> {
        let (scaling, range) = (self.scaling(norm), start..start.saturating_add(length));
        let memory = &mut self.workspace.memory;
        if self.config.optimizer.stays_finite::<C::Math, _>(self.network, memory, &scaling, range) {
            return Ok(());
        }
        self.drop_gradient();
        Err(TrainError::NonFiniteWeight)
    }

    /// Adds the squares of the gradient's elements from `start`, `length` of them, to `norm`.
    pub(super) fn add_norm(&mut self, norm: &mut Norm<C::Scalar>, start: usize, length: usize) {
        if let Some(gradient) = self.workspace.memory.gradient() {
            walk_range(gradient, [], start..start.saturating_add(length), |g, []| norm.add(g));
        }
    }

    /// The norm of the mean gradient, if there is one and it can be used; else the gradient is dropped.
    pub(super) fn checked_norm(&mut self, norm: &Norm<C::Scalar>) -> Result<Option<C::Scalar>, TrainError> {
        let mean = self.workspace.batch.mean(self.config.sequences);
        if self.workspace.memory.gradient().is_none() {
            return Ok(None);
        }
        let norm = norm.total::<C::Math>() * mean;
        if norm.is_finite() {
            return Ok(Some(norm));
        }
        self.drop_gradient();
        Err(TrainError::NonFiniteGradient)
    }

    /// Forgets all that was accumulated.
    pub(super) fn drop_gradient(&mut self) {
        if let Some(gradient) = self.workspace.memory.gradient() {
            walk_range(gradient, [], 0..usize::MAX, |g, []| g.fill(C::Scalar::ZERO));
        }
        self.workspace.batch = Batch::ZERO;
    }

    /// Scaling of the accumulated gradient.
    fn scaling(&self, norm: Option<C::Scalar>) -> Scaling<C::Scalar> {
        let mean = self.workspace.batch.mean(self.config.sequences);
        // Where no gradient is kept, there is none to clip.
        self.config.clip.scaling(norm.unwrap_or(C::Scalar::ZERO), mean)
    }

    /// Updates the parameters from `start`, `length` of them.
    pub(super) fn apply_range(&mut self, norm: Option<C::Scalar>, start: usize, length: usize) {
        let (scaling, range) = (self.scaling(norm), start..start.saturating_add(length));
        let memory = &mut self.workspace.memory;
        self.config.optimizer.apply::<C::Math, _>(self.network, memory, &scaling, range);
    }

    /// The update is complete.
    pub(super) fn updated(&mut self) {
        self.workspace.batch = Batch::ZERO;
        self.workspace.memory.updated();
    }

    /// Adds the part `unit` of the window's gradient to where it belongs.
    pub(super) fn accumulate_unit<X>(&mut self, unit: usize, xs: &[X])
    where
        C: Layer<X>,
    {
        let Workspace { window, memory, .. } = &mut *self.workspace;
        match memory.gradient() {
            Some(gradient) => window.accumulate(gradient, unit, C::Scalar::ONE, xs),
            None => window.descend(self.network, unit, -self.config.optimizer.rate(), xs),
        }
    }
}

/// Whether a number is too small to move the largest one, and so no finite one to infinity.
fn is_small<T: Scalar>(change: T) -> bool {
    T::MAX + change <= T::MAX
}
