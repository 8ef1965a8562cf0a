use super::progress::{Goal, Phase};
use super::{Abandoned, Reduction, Report, Trainer, Workspace};
use crate::clip::{Norm, Scaling};
use crate::dense::LearnedReadout;
use crate::error::TrainError;
use crate::layer::Sequential;
use crate::loss::Loss;
use crate::math::{Math, Scalar, Zero};
use crate::network::Network;
use crate::optim::Optimizer;
use crate::parameters::{Parameters, Path, walk_range};
use core::ops::Range;

/// Parameters a slice of work goes through.
const CHUNK: usize = 64;

/// The way of a gradient into the weights.
impl<C, R, O, const T: usize, const S: usize, const P: usize, L> Trainer<'_, Workspace<Network<C, R>, O, T, S, P>, L>
where
    C: Sequential,
    R: LearnedReadout<C::Output, Scalar = C::Scalar>,
    O: Optimizer<Scalar = C::Scalar>,
    L: Loss<C::Math, R::Output>,
{
    /// One update from the gradient accumulated; returns its norm, as [`Report::gradient_norm`].
    ///
    /// # Errors
    /// [`TrainError::UnderWay`] beside a job; [`TrainError::NothingAccumulated`]; [`TrainError::NoTarget`] if no target among
    /// the sequences counts; [`TrainError::NonFiniteGradient`] or [`TrainError::NonFiniteWeight`], and the accumulated gradient
    /// is dropped.
    pub fn apply(&mut self) -> Result<Option<C::Scalar>, TrainError> {
        self.check_idle()?;
        self.workspace.batch.check()?;
        let mut squares = Norm::ZERO;
        // Without a range, so that every loop over a tensor has a known length.
        if let Some(kept) = self.workspace.kept() {
            kept.gradient.walk([], Path::ROOT, &mut |_, g, []| squares.add(g));
        }
        self.workspace.progress.squares = squares;
        if self.check_norm()? == Phase::Try(0) {
            self.try_range(0, usize::MAX)?;
        }
        self.apply_range(0, usize::MAX);
        Ok(self.norm())
    }

    /// Ends the job under way before it is done, whether it still exists or was lost, and says what became of the gradient.
    ///
    /// A job that came to an end by itself, in a report or an error, needs no call.
    ///
    /// # Errors
    /// [`TrainError::Unfinished`] if weights are half new and half old; nothing is abandoned then, and the job must be
    /// polled on.
    pub fn abandon(&mut self) -> Result<Abandoned, TrainError> {
        if let Some(slices) = self.unfinished() {
            return Err(TrainError::Unfinished { slices });
        }
        let abandoned = match self.workspace.progress.phase {
            Phase::Idle => Abandoned::Nothing,
            _ if self.reached_the_gradient() => Abandoned::Gradient,
            _ => Abandoned::Sequence,
        };
        if abandoned == Abandoned::Gradient {
            self.drop_gradient();
        }
        self.end();
        Ok(abandoned)
    }

    /// Slices left until all weights are new, `None` where none changed.
    pub(super) fn unfinished(&self) -> Option<usize> {
        match self.workspace.progress.phase {
            Phase::Accumulate(unit @ 1..) if !O::KEEPS_GRADIENT => {
                let units = self.workspace.progress.units as usize;
                Some(units.saturating_sub(unit as usize))
            }
            Phase::Apply(start @ 1..) => Some(Network::<C, R>::COUNT.saturating_sub(start as usize).div_ceil(CHUNK)),
            _ => None,
        }
    }

    /// Checks that no job is under way.
    pub(super) fn check_idle(&self) -> Result<(), TrainError> {
        if self.workspace.progress.phase == Phase::Idle { Ok(()) } else { Err(TrainError::UnderWay) }
    }

    /// Forgets the job under way.
    pub(super) fn end(&mut self) {
        self.workspace.progress.phase = Phase::Idle;
    }

    /// Report of the sequence that was just finished.
    pub(super) fn report(&self) -> Report<C::Scalar> {
        let progress = &self.workspace.progress;
        let gradient_norm = if progress.goal == Goal::Update { self.norm() } else { None };
        Report { loss: progress.share.loss(progress.sweep.loss), gradient_norm }
    }

    /// Norm of the last gradient; `None` if the optimizer keeps no gradient.
    fn norm(&self) -> Option<C::Scalar> {
        O::KEEPS_GRADIENT.then_some(self.workspace.progress.norm)
    }

    /// Reductions over steps and sequences. Without a gradient every sequence is a batch of its own.
    pub(super) const fn reductions(&self) -> [Reduction; 2] {
        [self.config.steps, if O::KEEPS_GRADIENT { self.config.sequences } else { Reduction::Sum }]
    }

    /// Checks that what is added to gradient or weights stays finite, if no element of the gradient is above `bound`.
    pub(super) fn check_bound(&self, bound: C::Scalar) -> Result<(), TrainError> {
        if !bound.is_finite() {
            Err(TrainError::NonFiniteGradient)
        } else if O::KEEPS_GRADIENT || is_small(bound * self.config.optimizer.rate()) {
            Ok(())
        } else {
            Err(TrainError::NonFiniteWeight)
        }
    }

    /// Up to `most` chunks of what makes an update of a gradient.
    pub(super) fn finish(&mut self, most: usize) -> Result<Phase, TrainError> {
        let length = most.saturating_mul(CHUNK);
        match self.workspace.progress.phase {
            Phase::Norm(start) => self.add_norm(start, length),
            Phase::Try(start) => self.try_range(start, length),
            Phase::Apply(start) => Ok(self.apply_range(start, length)),
            phase => Ok(phase),
        }
    }

    /// The start of the chunk after `length` parameters from `start` on, `None` past the last.
    fn after(start: u32, length: usize) -> Option<u32> {
        let end = (start as usize).saturating_add(length);
        (end < Network::<C, R>::COUNT).then_some(end as u32)
    }

    /// Adds the squares of the gradient's elements from `start`, `length` of them, to the norm.
    fn add_norm(&mut self, start: u32, length: usize) -> Result<Phase, TrainError> {
        let Workspace { memory, progress, .. } = &mut *self.workspace;
        if let Some(kept) = O::kept(memory) {
            walk_range(kept.gradient, [], range(start, length), |g, []| progress.squares.add(g));
        }
        if let Some(end) = Self::after(start, length) {
            return Ok(Phase::Norm(end));
        }
        self.check_norm()
    }

    /// Finds the norm of the mean gradient, and what comes next. If the norm cannot be used, the gradient is dropped.
    fn check_norm(&mut self) -> Result<Phase, TrainError> {
        let Workspace { batch, progress, .. } = &mut *self.workspace;
        if O::KEEPS_GRADIENT {
            progress.norm = progress.squares.total::<C::Math>() * batch.mean(self.config.sequences);
        }
        if !progress.norm.is_finite() {
            self.drop_gradient();
            return Err(TrainError::NonFiniteGradient);
        }
        Ok(if self.is_bounded() { Phase::Apply(0) } else { Phase::Try(0) })
    }

    /// Returns `true` if no update of this optimizer can make a weight infinite, since the squares of a gradient are finite.
    fn is_bounded(&self) -> bool {
        let root = C::Math::sqrt(C::Scalar::MAX);
        // Twice, for the rounding of moments and for roots that are approximations.
        is_small(self.config.optimizer.reach(root + root))
    }

    /// Checks that the update of the parameters from `start`, `length` of them, leaves them finite; else the gradient is
    /// dropped.
    fn try_range(&mut self, start: u32, length: usize) -> Result<Phase, TrainError> {
        let (scaling, range) = (self.scaling(), range(start, length));
        let memory = &mut self.workspace.memory;
        if self.config.optimizer.stays_finite::<C::Math, _>(self.network, memory, &scaling, range) {
            return Ok(Self::after(start, length).map_or(Phase::Apply(0), Phase::Try));
        }
        self.drop_gradient();
        Err(TrainError::NonFiniteWeight)
    }

    /// Updates the parameters from `start`, `length` of them.
    fn apply_range(&mut self, start: u32, length: usize) -> Phase {
        let (scaling, range) = (self.scaling(), range(start, length));
        let Workspace { memory, progress, .. } = &mut *self.workspace;
        progress.is_swept = false;
        self.config.optimizer.apply::<C::Math, _>(self.network, memory, &scaling, range);
        if let Some(end) = Self::after(start, length) {
            return Phase::Apply(end);
        }
        self.updated();
        Phase::Idle
    }

    /// Scaling of the accumulated gradient.
    fn scaling(&self) -> Scaling<C::Scalar> {
        let mean = self.workspace.batch.mean(self.config.sequences);
        self.config.clip.scaling(self.norm().unwrap_or(C::Scalar::ZERO), mean)
    }

    /// The update is complete.
    pub(super) fn updated(&mut self) {
        self.workspace.batch = Zero::ZERO;
        if let Some(kept) = self.workspace.kept() {
            *kept.updates = kept.updates.saturating_add(1);
        }
    }

    /// Forgets all that was accumulated.
    pub(super) fn drop_gradient(&mut self) {
        if let Some(kept) = self.workspace.kept() {
            walk_range(kept.gradient, [], 0..usize::MAX, |g, []| g.fill(C::Scalar::ZERO));
        }
        self.workspace.batch = Zero::ZERO;
    }
}

fn range(start: u32, length: usize) -> Range<usize> {
    let start = start as usize;
    start..start.saturating_add(length)
}

/// Returns `true` if a number is too small to move the largest one, and so no finite one to infinity.
fn is_small<T: Scalar>(change: T) -> bool {
    T::MAX + change <= T::MAX
}
