use super::progress::{Goal, Phase};
use super::{Abandoned, Reduction, Report, Trainer, Workspace};
use crate::clip::{Norm, Scaling, enlarged};
use crate::dense::LearnedReadout;
use crate::error::TrainError;
use crate::layer::Sequential;
use crate::loss::Loss;
use crate::math::{Math, Scalar, Zero, larger};
use crate::network::Network;
use crate::optim::Optimizer;
use crate::parameters::{Parameters, Path, walk_range};
use core::ops::Range;

/// Number of parameters in a slice of work.
const CHUNK: usize = 64;

/// Update of the weights from the accumulated gradient.
impl<C, R, O, const T: usize, const S: usize, const P: usize, L> Trainer<'_, Workspace<Network<C, R>, O, T, S, P>, L>
where
    C: Sequential,
    R: LearnedReadout<C::Output, Scalar = C::Scalar>,
    O: Optimizer<Scalar = C::Scalar>,
    L: Loss<C::Math, R::Output>,
{
    /// Updates the weights once from the accumulated gradient. Returns the norm of the gradient, the same as
    /// [`Report::gradient_norm`].
    ///
    /// # Errors
    /// [`TrainError::UnderWay`] during a job; [`TrainError::NothingAccumulated`]; [`TrainError::NoTarget`] if no target
    /// in the sequences counts; [`TrainError::NonFiniteGradient`] or [`TrainError::NonFiniteWeight`], both of which
    /// discard the accumulated gradient.
    pub fn apply(&mut self) -> Result<Option<C::Scalar>, TrainError> {
        self.check_idle()?;
        self.workspace.batch.check()?;
        let mut squares = Norm::ZERO;
        // `walk` instead of `walk_range`, so that the length of every loop over a tensor is known at compile time.
        if let Some(kept) = self.workspace.kept() {
            kept.gradient.walk([], Path::ROOT, &mut |_, g, []| squares.add(g));
        }
        self.workspace.progress.squares = squares;
        if self.check_norm()? == Phase::Try(0) {
            self.try_range(0, usize::MAX)?;
        }
        if let Phase::Settle(piece) = self.apply_range(0, usize::MAX) {
            self.settle(piece, usize::MAX);
        }
        Ok(self.norm())
    }

    /// Ends the job under way before it is done, even if the job was lost, and returns what was discarded.
    ///
    /// A job that has returned its report or an error need not be abandoned.
    ///
    /// # Errors
    /// [`TrainError::Unfinished`] if the job has updated some of the weights but not all. The job is then not
    /// abandoned and must be polled to its end.
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

    /// Returns the number of slices left until all weights are updated, or `None` if none has been updated yet.
    pub(super) fn unfinished(&self) -> Option<usize> {
        match self.workspace.progress.phase {
            Phase::Accumulate(unit @ 1..) if !O::KEEPS_GRADIENT => {
                let units = self.workspace.progress.units as usize;
                Some(units.saturating_sub(unit as usize))
            }
            Phase::Apply(start @ 1..) => {
                let chunks = Network::<C, R>::COUNT.saturating_sub(start as usize).div_ceil(CHUNK);
                Some(chunks + self.config.optimizer.pieces(self.network))
            }
            Phase::Settle(piece) if O::SETTLES => {
                Some(self.config.optimizer.pieces(self.network).saturating_sub(piece as usize))
            }
            _ => None,
        }
    }

    /// Checks that no job is under way.
    pub(super) fn check_idle(&self) -> Result<(), TrainError> {
        if self.workspace.progress.phase == Phase::Idle { Ok(()) } else { Err(TrainError::UnderWay) }
    }

    /// Marks the trainer as idle, which ends the job under way.
    pub(super) fn end(&mut self) {
        self.workspace.progress.phase = Phase::Idle;
    }

    /// Returns the report of the sequence that was just finished.
    pub(super) fn report(&self) -> Report<C::Scalar> {
        let progress = &self.workspace.progress;
        let gradient_norm = if progress.goal == Goal::Update { self.norm() } else { None };
        Report { loss: progress.share.loss(progress.sweep.loss), gradient_norm }
    }

    /// Returns the norm of the last gradient, or `None` if the optimizer keeps no gradient.
    fn norm(&self) -> Option<C::Scalar> {
        O::KEEPS_GRADIENT.then_some(self.workspace.progress.norm)
    }

    /// Returns the reductions over steps and over sequences. If the optimizer keeps no gradient, each sequence is a
    /// batch of its own.
    pub(super) const fn reductions(&self) -> [Reduction; 2] {
        [self.config.steps, if O::KEEPS_GRADIENT { self.config.sequences } else { Reduction::Sum }]
    }

    /// Checks that adding a sequence's gradient, none of whose elements exceeds `bound`, leaves gradient and weights
    /// finite.
    pub(super) fn check_bound(&self, bound: C::Scalar) -> Result<(), TrainError> {
        if !bound.is_finite() {
            Err(TrainError::NonFiniteGradient)
        } else if O::KEEPS_GRADIENT || self.have_room_for(bound * self.config.optimizer.rate()) {
            Ok(())
        } else {
            Err(TrainError::NonFiniteWeight)
        }
    }

    /// Processes up to `most` chunks of the current phase of the update.
    pub(super) fn finish(&mut self, most: usize) -> Result<Phase, TrainError> {
        let length = most.saturating_mul(CHUNK);
        match self.workspace.progress.phase {
            Phase::Norm(start) => self.add_norm(start, length),
            Phase::Try(start) => self.try_range(start, length),
            Phase::Apply(start) => Ok(self.apply_range(start, length)),
            Phase::Settle(piece) if O::SETTLES => Ok(self.settle(piece, most)),
            phase => Ok(phase),
        }
    }

    /// Returns the index of the parameter `length` places after `start`, or `None` if there is none.
    fn after(start: u32, length: usize) -> Option<u32> {
        let end = (start as usize).saturating_add(length);
        (end < Network::<C, R>::COUNT).then_some(end as u32)
    }

    /// Adds the squares of `length` elements of the gradient, from `start` on, to the norm.
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

    /// Computes the norm of the mean gradient and returns the next phase. Discards the gradient if the norm is not
    /// finite.
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

    /// Returns `true` if no gradient with a finite sum of squares lets the optimizer make a weight infinite.
    fn is_bounded(&self) -> bool {
        let root = enlarged(C::Math::sqrt(C::Scalar::MAX));
        // Twice the root, to allow for rounded moments and approximate square roots.
        self.have_room_for(self.config.optimizer.reach(root + root))
    }

    /// Returns `true` if no weight becomes infinite by `change`.
    fn have_room_for(&self, change: C::Scalar) -> bool {
        if C::Scalar::ABSORBS { is_small(change) } else { (largest(self.network) + change).is_finite() }
    }

    /// Checks that updating `length` parameters from `start` on would leave them finite; if not, discards the gradient.
    fn try_range(&mut self, start: u32, length: usize) -> Result<Phase, TrainError> {
        let (scaling, range) = (self.scaling(), range(start, length));
        let memory = &mut self.workspace.memory;
        if self.config.optimizer.stays_finite::<C::Math, _>(self.network, memory, &scaling, range) {
            return Ok(Self::after(start, length).map_or(Phase::Apply(0), Phase::Try));
        }
        self.drop_gradient();
        Err(TrainError::NonFiniteWeight)
    }

    /// Updates `length` parameters from `start` on.
    fn apply_range(&mut self, start: u32, length: usize) -> Phase {
        let (scaling, range) = (self.scaling(), range(start, length));
        let Workspace { memory, progress, .. } = &mut *self.workspace;
        progress.is_swept = false;
        self.config.optimizer.apply::<C::Math, _>(self.network, memory, &scaling, range);
        if let Some(end) = Self::after(start, length) {
            return Phase::Apply(end);
        }
        if O::SETTLES { Phase::Settle(0) } else { self.updated() }
    }

    /// Does up to `most` of the optimizer's pieces, from `start` on.
    fn settle(&mut self, start: u32, most: usize) -> Phase {
        let optimizer = &self.config.optimizer;
        let pieces = optimizer.pieces(self.network);
        let end = (start as usize).saturating_add(most).min(pieces);
        for piece in start as usize..end {
            optimizer.settle(self.network, &mut self.workspace.memory, piece);
        }
        if end < pieces { Phase::Settle(end as u32) } else { self.updated() }
    }

    /// Returns the scaling of the accumulated gradient.
    fn scaling(&self) -> Scaling<C::Scalar> {
        let mean = self.workspace.batch.mean(self.config.sequences);
        self.config.clip.scaling(self.norm().unwrap_or(C::Scalar::ZERO), mean)
    }

    /// Clears the batch and counts the completed update; there is no next phase.
    pub(super) fn updated(&mut self) -> Phase {
        self.workspace.batch = Zero::ZERO;
        if let Some(kept) = self.workspace.kept() {
            *kept.updates = kept.updates.saturating_add(1);
        }
        Phase::Idle
    }

    /// Discards the accumulated gradient and the batch.
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

/// Returns `true` if adding `change` to the largest finite number, and so to any finite number, stays finite.
fn is_small<T: Scalar>(change: T) -> bool {
    T::MAX + change <= T::MAX
}

/// Returns the largest size of a weight.
fn largest<P: Parameters>(parameters: &P) -> P::Scalar {
    let mut most = Zero::ZERO;
    parameters.view(Path::ROOT, &mut |_, weights| most = larger(most, Scalar::largest(weights)));
    most
}
