use super::progress::{Goal, Phase};
use super::{Job, Report, Trainer, Workspace};
use crate::bptt::{Sweep, Window};
use crate::clip::Norm;
use crate::dense::LearnedReadout;
use crate::error::{SequenceError, TrainError};
use crate::inputs::Inputs;
use crate::layer::{Layer, Place, Sequential};
use crate::loss::Loss;
use crate::math::{Magnitude, Scalar, Zero};
use crate::network::Network;
use crate::optim::{Memory, Optimizer};
use crate::tape::first;
use crate::target::{Targets, counted};

/// The way of a sequence into the gradient.
impl<C, R, O, const T: usize, const S: usize, const P: usize, L> Trainer<'_, Workspace<Network<C, R>, O, T, S, P>, L>
where
    C: Sequential,
    R: LearnedReadout<C::Output, Scalar = C::Scalar>,
    O: Optimizer<Scalar = C::Scalar>,
    L: Loss<C::Math, R::Output>,
{
    /// Begins an update: [`update`](Self::update) in slices of bounded work, one for each [`poll`](Self::poll).
    ///
    /// # Errors
    /// What can be seen before the first step: an empty or too long sequence, targets that do not fit.
    /// [`TrainError::UnderWay`] until an earlier job is done, [abandoned](Self::abandon) or, if it was lost,
    /// [resumed](Self::resume).
    pub fn begin<X, D: Inputs<X>, Y: Targets<L::Target>>(
        &mut self,
        job: &mut Job<Workspace<Network<C, R>, O, T, S, P>, D, Y>,
    ) -> Result<(), TrainError>
    where
        C: Layer<X>,
    {
        self.start(job, Goal::Update)
    }

    /// Begins [`accumulate`](Self::accumulate) in slices of bounded work. The last sequence before an update goes to
    /// [`begin`](Self::begin), which updates from all that was accumulated.
    ///
    /// # Errors
    /// As [`begin`](Self::begin).
    pub fn begin_accumulate<X, D: Inputs<X>, Y: Targets<L::Target>>(
        &mut self,
        job: &mut Job<Workspace<Network<C, R>, O, T, S, P>, D, Y>,
    ) -> Result<(), TrainError>
    where
        C: Layer<X>,
    {
        self.start(job, Goal::Accumulate)
    }

    fn start<X, D: Inputs<X>, Y: Targets<L::Target>>(
        &mut self,
        job: &mut Job<Workspace<Network<C, R>, O, T, S, P>, D, Y>,
        goal: Goal,
    ) -> Result<(), TrainError>
    where
        C: Layer<X>,
    {
        self.check_idle()?;
        let steps = job.inputs.len();
        let capacity = Window::<Network<C, R>, T, S, P>::CAPACITY;
        match steps {
            0 => return Err(SequenceError::Empty.into()),
            _ if steps > capacity => return Err(SequenceError::TooLong { length: steps, capacity }.into()),
            _ => (),
        }
        let weighed = Window::<Network<C, R>, T, S, P>::check_targets(&self.config.loss, &job.targets, steps)?;
        if goal == Goal::Update && !self.workspace.batch.counts() {
            weighed.check()?;
        }
        let share = self.workspace.batch.share(self.reductions(), weighed.weight)?;
        let visits_back = if C::PASSES == 1 { weighed.end } else { C::PASSES * steps };
        let address = core::ptr::from_ref(&*self.workspace).addr();
        let Workspace { window, progress, .. } = &mut *self.workspace;
        window.restart(&job.state);
        progress.goal = if weighed.given { goal } else { goal.without_target() };
        (progress.share, progress.reached) = (share, job.state);
        (progress.steps, progress.visits_back) = (steps as u32, visits_back as u32);
        progress.units = Window::<Network<C, R>, T, S, P>::units::<X>() as u32;
        (progress.sweep, progress.squares, progress.is_swept) = (Sweep::ZERO, Norm::ZERO, false);
        (progress.phase, progress.ticket) = (Phase::Forward(0), progress.ticket.next(address));
        job.ticket = progress.ticket;
        Ok(())
    }

    /// Makes `job` the one under way, in place of one that was lost: it goes on where that one stood.
    ///
    /// Its inputs, targets and state must be those of the lost job. Only their number can be checked.
    ///
    /// # Errors
    /// [`TrainError::StaleJob`] if no job is under way; [`TrainError::OtherSequence`] for another number of steps.
    pub fn resume<X, D: Inputs<X>, Y: Targets<L::Target>>(
        &mut self,
        job: &mut Job<Workspace<Network<C, R>, O, T, S, P>, D, Y>,
    ) -> Result<(), TrainError>
    where
        C: Layer<X>,
    {
        let progress = &self.workspace.progress;
        let (steps, expected) = (job.inputs.len(), progress.steps as usize);
        if progress.phase == Phase::Idle {
            return Err(TrainError::StaleJob);
        }
        if steps != expected {
            return Err(TrainError::OtherSequence { steps, expected });
        }
        job.targets.check(steps)?;
        job.ticket = progress.ticket;
        Ok(())
    }

    /// One slice of work: a step forward, the loss of a step, a step back, a row of the gradient, or 64 parameters of the
    /// update. Returns the report once the update is complete. Over a checkpointed tape, steps and rows come again for each
    /// segment. A bidirectional layer's steps are twice as many, once for each direction.
    ///
    /// Between two slices the caller may do anything else: feed a watchdog, serve a radio.
    ///
    /// # Errors
    /// The [`TrainError`] that stopped the update; the job is over then. [`TrainError::StaleJob`] for a job that is not under
    /// way: not begun, done, or abandoned.
    pub fn poll<X, D: Inputs<X>, Y: Targets<L::Target>>(
        &mut self,
        job: &mut Job<Workspace<Network<C, R>, O, T, S, P>, D, Y>,
    ) -> Result<Option<Report<C::Scalar>>, TrainError>
    where
        C: Layer<X>,
    {
        self.advance(job, 1)
    }

    /// After a slice that went back over a step t: t and the gradient of the state before it, of the losses from t on (times
    /// what [`Reduction`](super::Reduction) divides by). `None` after any other slice.
    ///
    /// Its size over t falling shows a gradient that vanishes or explodes. For t = 0 it is the gradient of the first state.
    /// Where layers go through the sequence more than once, t is the number of the [visit](crate::layer).
    pub fn gradient_of_state(&self) -> Option<(usize, &C::State)> {
        let held = self.workspace.window.held();
        match self.workspace.progress.phase {
            Phase::Back(t) if (t as usize) < held.end => Some((t as usize, &self.workspace.progress.sweep.state)),
            Phase::Accumulate(0) => Some((held.start, &self.workspace.progress.sweep.state)),
            _ => None,
        }
    }

    /// The gradient with respect to the input of `step` of the sequence last gone back through: of its losses, times what
    /// [`Reduction`](super::Reduction) divides by.
    ///
    /// It is found with the weights, so it can be had from the end of the way back until they change: after
    /// [`accumulate`](Self::accumulate), or between two slices. `None` at any other time, and for a step that the sequence does
    /// not have or, over a checkpointed tape, whose segment is not the one last gone back through.
    pub fn input_gradient<X>(&self, step: usize) -> Option<C::InputGradient>
    where
        C: Layer<X>,
    {
        let Workspace { window, progress, .. } = &*self.workspace;
        let is_held = window.held().start <= step && step < progress.steps as usize;
        (progress.is_swept && is_held).then(|| window.input_gradient(self.network, step))
    }

    /// All slices in one call.
    pub(super) fn complete<X, D: Inputs<X>, Y: Targets<L::Target>>(
        &mut self,
        job: &mut Job<Workspace<Network<C, R>, O, T, S, P>, D, Y>,
    ) -> Result<Report<C::Scalar>, TrainError>
    where
        C: Layer<X>,
    {
        loop {
            if let Some(report) = self.advance(job, usize::MAX)? {
                return Ok(report);
            }
        }
    }

    /// Up to `most` pieces of the present phase.
    fn advance<X, D: Inputs<X>, Y: Targets<L::Target>>(
        &mut self,
        job: &mut Job<Workspace<Network<C, R>, O, T, S, P>, D, Y>,
        most: usize,
    ) -> Result<Option<Report<C::Scalar>>, TrainError>
    where
        C: Layer<X>,
    {
        let progress = &self.workspace.progress;
        if progress.phase == Phase::Idle || progress.ticket != job.ticket {
            return Err(TrainError::StaleJob);
        }
        self.workspace.progress.phase = self.next(&job.inputs, &job.targets, most).inspect_err(|_| self.end())?;
        if self.workspace.progress.phase != Phase::Idle {
            return Ok(None);
        }
        job.state = self.workspace.progress.reached;
        Ok(Some(self.report()))
    }

    fn next<X>(
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
            Phase::Idle | Phase::Norm(_) | Phase::Try(_) | Phase::Apply(_) => self.finish(most),
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
            if xs.at(visit).is_some_and(|x| !C::input_magnitude(x).is_finite()) {
                return Err(SequenceError::NonFiniteInput { step: visit }.into());
            }
            window.forward(self.network, &mut progress.reached, visit, xs)?;
        }
        if end < visits {
            return Ok(Phase::Forward(end as u32));
        }
        let (counts, end) = (progress.share.counts(), progress.visits_back);
        // Without a loss nothing else would tell whether the network is sound.
        match progress.reached.magnitude().is_finite() {
            _ if counts => Ok(self.go_back_from(targets, end)),
            true => Ok(self.added()),
            false => Err(SequenceError::NonFiniteOutput { step: xs.len() - 1 }.into()),
        }
    }

    /// What comes before the sweep from `end` on.
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

    /// What comes before the way back from `end` on, the steps from `stop` on scored.
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

    /// `error`, with the gradient dropped if a part of this sequence's is in it.
    fn dropping(&mut self, error: TrainError) -> TrainError {
        if self.reached_the_gradient() {
            self.drop_gradient();
        }
        error
    }

    /// Whether a part of the sequence's gradient was added.
    pub(super) fn reached_the_gradient(&self) -> bool {
        let Workspace { window, progress, .. } = &*self.workspace;
        let later = |end| P > 1 && end < progress.visits_back as usize;
        match progress.phase {
            Phase::Idle | Phase::Forward(_) => false,
            Phase::Repeat(_, end) => later(end as usize),
            Phase::Score(..) | Phase::Back(_) | Phase::Accumulate(0) => later(window.held().end),
            Phase::Accumulate(_) | Phase::Norm(_) | Phase::Try(_) | Phase::Apply(_) => true,
        }
    }

    /// Adds the parts of the window's gradient from `start` on to where they belong.
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
        progress.is_swept &= Self::KEEPS_GRADIENT;
        for unit in start..end {
            match memory.gradient() {
                Some(gradient) => window.accumulate(gradient, unit, C::Scalar::ONE, xs),
                None => window.descend(self.network, unit, -self.config.optimizer.rate(), xs),
            }
        }
        match window.held().start {
            _ if end < units => Phase::Accumulate(end as u32),
            0 => self.added(),
            first => self.go_back_from(targets, first as u32),
        }
    }

    /// The sequence is part of the batch.
    fn added(&mut self) -> Phase {
        let Workspace { batch, progress, .. } = &mut *self.workspace;
        if progress.goal != Goal::Carry {
            batch.add(&progress.share);
        }
        match progress.goal {
            Goal::Update if Self::KEEPS_GRADIENT => return Phase::Norm(0),
            Goal::Update => self.updated(),
            Goal::Accumulate | Goal::Carry => (),
        }
        Phase::Idle
    }
}
