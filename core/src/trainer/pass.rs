use super::progress::{Goal, Phase};
use super::{Trainer, Workspace};
use crate::bptt::{Sweep, Window};
use crate::dense::LearnedReadout;
use crate::error::{SequenceError, TrainError};
use crate::inputs::Inputs;
use crate::layer::{Layer, Place, Sequential};
use crate::loss::Loss;
use crate::math::Scalar;
use crate::network::Network;
use crate::optim::Optimizer;
use crate::tape::first;
use crate::target::{Targets, counted};

/// Computation of a sequence's gradient, in slices.
impl<C, R, O, const T: usize, const S: usize, const P: usize, L> Trainer<'_, Workspace<Network<C, R>, O, T, S, P>, L>
where
    C: Sequential,
    R: LearnedReadout<C::Output, Scalar = C::Scalar>,
    O: Optimizer<Scalar = C::Scalar>,
    L: Loss<C::Math, R::Output>,
{
    /// Processes up to `most` pieces of the current phase and returns the next phase.
    // Not inlined: where the length of the sequence is known at compile time, every loop over the steps would be
    // unrolled.
    #[inline(never)]
    pub(super) fn next<X>(
        &mut self,
        xs: &impl Inputs<X>,
        targets: &impl Targets<L::Target>,
        most: usize,
    ) -> Result<Phase, TrainError>
    where
        C: Layer<X>,
    {
        match self.workspace.progress.phase {
            Phase::Forward(visit) => self.forward(xs, targets, visit as usize, most),
            Phase::Repeat(visit, end) => Ok(self.repeat(xs, targets, visit as usize, end, most)),
            Phase::Score(step, end) => Ok(self.score(targets, step as usize, end, most)),
            Phase::Back(end) => self.back(xs, end as usize, most),
            Phase::Accumulate(unit) => Ok(self.add_gradient(xs, targets, unit as usize, most)),
            Phase::Idle | Phase::Norm(_) | Phase::Try(_) | Phase::Apply(_) | Phase::Settle(_) => self.finish(most),
        }
    }

    fn forward<X>(
        &mut self,
        xs: &impl Inputs<X>,
        targets: &impl Targets<L::Target>,
        start: usize,
        most: usize,
    ) -> Result<Phase, TrainError>
    where
        C: Layer<X>,
    {
        let Workspace { window, progress, .. } = &mut *self.workspace;
        let visits = C::PASSES * xs.len();
        let end = start.saturating_add(most).min(visits);
        for visit in start..end {
            if xs.at(visit).is_some_and(|x| !C::accepts(x)) {
                return Err(SequenceError::NonFiniteInput { step: visit }.into());
            }
            window.forward(self.network, &mut progress.reached, visit, xs)?;
        }
        if end < visits {
            return Ok(Phase::Forward(end as u32));
        }
        let (counts, end) = (progress.share.counts(), progress.visits_back);
        // If there is no loss, only this check shows that the network's outputs are finite.
        match C::is_finite(&progress.reached) {
            _ if counts => Ok(self.go_back_from(targets, end)),
            true => Ok(self.added()),
            false => Err(SequenceError::NonFiniteOutput { step: xs.len() - 1 }.into()),
        }
    }

    /// Returns the phase that prepares the backward pass over the visits before `end`.
    fn go_back_from(&mut self, targets: &impl Targets<L::Target>, end: u32) -> Phase {
        let Workspace { window, progress, .. } = &mut *self.workspace;
        progress.is_swept = false;
        if P > 1 && end as usize <= window.held().start {
            return Phase::Repeat(first::<T, P>((end as usize).saturating_sub(1)) as u32, end);
        }
        window.truncate(end as usize);
        self.before(targets, self.workspace.progress.steps as usize, end)
    }

    fn repeat<X>(
        &mut self,
        xs: &impl Inputs<X>,
        targets: &impl Targets<L::Target>,
        start: usize,
        end: u32,
        most: usize,
    ) -> Phase
    where
        C: Layer<X>,
    {
        let stop = start.saturating_add(most).min(end as usize);
        for visit in start..stop {
            self.workspace.window.repeat(self.network, visit, xs);
        }
        if stop < end as usize { Phase::Repeat(stop as u32, end) } else { self.before(targets, stop, end) }
    }

    fn score(&mut self, targets: &impl Targets<L::Target>, mut step: usize, end: u32, most: usize) -> Phase {
        for _ in 0..most {
            self.score_step(targets, step);
            match self.before(targets, step, end) {
                Phase::Score(next, _) => step = next as usize,
                phase => return phase,
            }
        }
        Phase::Score(step as u32, end)
    }

    fn score_step<Y: Targets<L::Target>>(&mut self, targets: &Y, step: usize) {
        let Workspace { window, progress, .. } = &mut *self.workspace;
        let loss = &self.config.loss;
        let Some(target) = counted(loss, targets, step, progress.steps as usize) else { return };
        let place = if Y::FINAL { Place::End } else { Place::Step(step) };
        window.score(self.network, place, (loss, target, progress.share.scale()), &mut progress.sweep);
    }

    /// Returns the next phase once the steps from `stop` on are scored: the next step to score, or else the backward
    /// pass over the visits before `end`.
    fn before(&self, targets: &impl Targets<L::Target>, stop: usize, end: u32) -> Phase {
        let steps = self.workspace.progress.steps as usize;
        let counts = |step: &usize| counted(&self.config.loss, targets, *step, steps).is_some();
        let target = (self.workspace.window.held().start..stop).rev().find(counts);
        target.map_or(Phase::Back(end), |step| Phase::Score(step as u32, end))
    }

    fn back<X>(&mut self, xs: &impl Inputs<X>, end: usize, most: usize) -> Result<Phase, TrainError>
    where
        C: Layer<X>,
    {
        let Workspace { window, progress, .. } = &mut *self.workspace;
        let first = window.held().start;
        let start = end.saturating_sub(most).max(first);
        for visit in (start..end).rev() {
            window.back(self.network, visit, xs, &mut progress.sweep);
        }
        if start > first {
            return Ok(Phase::Back(start as u32));
        }
        let Sweep { loss, bound, .. } = progress.sweep;
        if !loss.is_finite() {
            return Err(self.dropping(TrainError::NonFiniteLoss));
        }
        self.check_bound(bound).map_err(|error| self.dropping(error))?;
        self.workspace.progress.is_swept = true;
        Ok(Phase::Accumulate(0))
    }

    /// Returns `error`, after discarding the accumulated gradient if that contains part of this sequence's gradient.
    fn dropping(&mut self, error: TrainError) -> TrainError {
        if self.reached_the_gradient() {
            self.drop_gradient();
        }
        error
    }

    /// Returns `true` if part of the sequence's gradient has been added to the accumulated gradient or the weights.
    pub(super) fn reached_the_gradient(&self) -> bool {
        let Workspace { window, progress, .. } = &*self.workspace;
        let later = |end| P > 1 && end < progress.visits_back as usize;
        match progress.phase {
            Phase::Idle | Phase::Forward(_) => false,
            Phase::Repeat(_, end) => later(end as usize),
            Phase::Score(..) | Phase::Back(_) | Phase::Accumulate(0) => later(window.held().end),
            Phase::Accumulate(_) | Phase::Norm(_) | Phase::Try(_) | Phase::Apply(_) | Phase::Settle(_) => true,
        }
    }

    /// Adds up to `most` parts of the window's gradient, from part `start` on, to the accumulated gradient or the
    /// weights.
    fn add_gradient<X>(
        &mut self,
        xs: &impl Inputs<X>,
        targets: &impl Targets<L::Target>,
        start: usize,
        most: usize,
    ) -> Phase
    where
        C: Layer<X>,
    {
        let Workspace { window, memory, progress, .. } = &mut *self.workspace;
        let units = Window::<Network<C, R>, T, S, P>::units::<X>();
        let end = start.saturating_add(most).min(units);
        progress.is_swept &= O::KEEPS_GRADIENT;
        for unit in start..end {
            match O::kept(memory) {
                Some(kept) => window.accumulate(kept.gradient, unit, C::Scalar::ONE, xs),
                None => window.descend(self.network, unit, -self.config.optimizer.rate(), xs),
            }
        }
        match window.held().start {
            _ if end < units => Phase::Accumulate(end as u32),
            0 => self.added(),
            first => self.go_back_from(targets, first as u32),
        }
    }

    /// Adds the sequence to the batch and returns the next phase.
    fn added(&mut self) -> Phase {
        let Workspace { batch, progress, .. } = &mut *self.workspace;
        if progress.goal != Goal::Carry {
            batch.add(&progress.share);
        }
        match progress.goal {
            Goal::Update if O::KEEPS_GRADIENT => Phase::Norm(0),
            Goal::Update => self.updated(),
            Goal::Accumulate | Goal::Carry => Phase::Idle,
        }
    }
}
