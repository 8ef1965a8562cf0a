use super::progress::{Goal, Phase};
use super::{Job, Report, Trainer, Workspace};
use crate::bptt::{Sweep, Window};
use crate::clip::Norm;
use crate::dense::LearnedReadout;
use crate::error::{SequenceError, TrainError};
use crate::inputs::Inputs;
use crate::layer::{Layer, Sequential};
use crate::loss::Loss;
use crate::math::Zero;
use crate::network::Network;
use crate::optim::Optimizer;
use crate::target::Targets;

/// Updates, in one call or as a job in slices.
impl<C, R, O, const T: usize, const S: usize, const P: usize, L> Trainer<'_, Workspace<Network<C, R>, O, T, S, P>, L>
where
    C: Sequential,
    R: LearnedReadout<C::Output, Scalar = C::Scalar>,
    O: Optimizer<Scalar = C::Scalar>,
    L: Loss<C::Math, R::Output>,
{
    /// Updates the weights once from one sequence, starting from the zero state.
    ///
    /// # Errors
    /// A [`TrainError`] names the problem with the sequence or its gradient; its documentation says what stays
    /// unchanged. With a checkpointed tape, a loss or gradient that turns out not to be finite after the first segment
    /// of the backward pass discards the accumulated gradient.
    pub fn update<X>(&mut self, xs: &[X], targets: impl Targets<L::Target>) -> Result<Report<C::Scalar>, TrainError>
    where
        C: Layer<X>,
    {
        self.update_from(&mut C::State::ZERO.clone(), xs, targets)
    }

    /// Updates the weights once from a window of a longer sequence, starting from `state`. `state` becomes the state at
    /// the end of the window; no gradient flows between windows (truncated BPTT).
    ///
    /// A window in which no step has a target only advances `state`, with a loss of 0; weights, moments and accumulated
    /// gradient are unchanged. If there are targets but all have weight 0, this is an error ([`TrainError::NoTarget`]),
    /// unless a target of an accumulated sequence counts.
    ///
    /// # Errors
    /// Same as for [`update`](Self::update); on error `state` is unchanged.
    pub fn update_from<X>(
        &mut self,
        state: &mut C::State,
        xs: &[X],
        targets: impl Targets<L::Target>,
    ) -> Result<Report<C::Scalar>, TrainError>
    where
        C: Layer<X>,
    {
        let mut job = Job::new(xs, targets).from_state(*state);
        self.begin(&mut job)?;
        let report = self.complete(&mut job)?;
        *state = *job.state();
        Ok(report)
    }

    /// Adds the gradient of a window to the gradient for the next [`apply`](Self::apply). Returns the loss, the same
    /// as [`Report::loss`].
    ///
    /// A window without targets, or whose targets all have weight 0, adds no gradient and only advances `state`.
    ///
    /// # Errors
    /// Same as for [`update_from`](Self::update_from).
    pub fn accumulate<X>(
        &mut self,
        state: &mut C::State,
        xs: &[X],
        targets: impl Targets<L::Target>,
    ) -> Result<C::Scalar, TrainError>
    where
        C: Layer<X>,
    {
        let mut job = Job::new(xs, targets).from_state(*state);
        self.begin_accumulate(&mut job)?;
        let report = self.complete(&mut job)?;
        *state = *job.state();
        Ok(report.loss)
    }

    /// Begins an [`update`](Self::update) in slices of bounded work, one for each call of [`poll`](Self::poll).
    ///
    /// # Errors
    /// Any [`TrainError`] that can be found before the first step: the sequence is empty or too long, or its targets
    /// cannot be used. [`TrainError::UnderWay`] until an earlier job is done or [abandoned](Self::abandon); a lost
    /// job can be [resumed](Self::resume).
    pub fn begin<X, D: Inputs<X>, Y: Targets<L::Target>>(
        &mut self,
        job: &mut Job<Workspace<Network<C, R>, O, T, S, P>, D, Y>,
    ) -> Result<(), TrainError>
    where
        C: Layer<X>,
    {
        self.start(job, Goal::Update)
    }

    /// Begins to [`accumulate`](Self::accumulate) in slices of bounded work. For the last sequence before an update,
    /// call [`begin`](Self::begin), which includes everything accumulated.
    ///
    /// # Errors
    /// Same as for [`begin`](Self::begin).
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

    /// Replaces a lost job with `job`, which continues where the lost one stopped.
    ///
    /// Inputs, targets and initial state must be the same as in the lost job. Only the number of steps is checked.
    ///
    /// # Errors
    /// [`TrainError::StaleJob`] if no job is under way; [`TrainError::OtherSequence`] if the number of steps differs;
    /// [`TrainError::TargetCount`] if the targets do not match the steps.
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

    /// Performs one slice of work: a step forward, the loss of a step, a step backward, a row of the gradient, 64
    /// parameters of the update, or a gate for a [`Rounded`](crate::optim::Rounded) rule. Returns the report when the job is
    /// complete, and `None` before. With a checkpointed tape, each segment has its own steps and rows. A bidirectional
    /// layer has twice as many steps, one for each direction.
    ///
    /// Between two slices the caller can do other work, such as feeding a watchdog or serving a radio.
    ///
    /// # Errors
    /// Any [`TrainError`] that occurs in the job, which ends it. [`TrainError::StaleJob`] for a job that is not under
    /// way, because it has not begun, is done, or was abandoned.
    pub fn poll<X, D: Inputs<X>, Y: Targets<L::Target>>(
        &mut self,
        job: &mut Job<Workspace<Network<C, R>, O, T, S, P>, D, Y>,
    ) -> Result<Option<Report<C::Scalar>>, TrainError>
    where
        C: Layer<X>,
    {
        self.advance(job, 1)
    }

    /// Returns the step t that the last slice went back through, and the gradient of the losses from step t on with
    /// respect to the state before step t (times the divisor of [`Reduction`](super::Reduction)). Returns `None`
    /// after any other slice.
    ///
    /// The size of this gradient as t falls shows whether gradients vanish or explode. At t = 0 it is the gradient of
    /// the initial state. If layers pass over the sequence more than once, t is the number of the
    /// [visit](crate::layer).
    pub fn gradient_of_state(&self) -> Option<(usize, &C::State)> {
        let held = self.workspace.window.held();
        match self.workspace.progress.phase {
            Phase::Back(t) if (t as usize) < held.end => Some((t as usize, &self.workspace.progress.sweep.state)),
            Phase::Accumulate(0) => Some((held.start, &self.workspace.progress.sweep.state)),
            _ => None,
        }
    }

    /// Returns the gradient of the last sequence's losses with respect to its input at `step`, times the divisor of
    /// [`Reduction`](super::Reduction).
    ///
    /// It depends on the weights, so it is available from the end of the backward pass until the weights change: after
    /// [`accumulate`](Self::accumulate), or between two slices. Returns `None` at any other time, for a step beyond the
    /// end of the sequence and, with a checkpointed tape, for a step outside the segment processed last.
    pub fn input_gradient<X>(&self, step: usize) -> Option<C::InputGradient>
    where
        C: Layer<X>,
    {
        let Workspace { window, progress, .. } = &*self.workspace;
        if !progress.is_swept || step >= progress.steps as usize {
            return None;
        }
        if step >= progress.visits_back as usize {
            // The backward pass starts at the last target.
            return Some(C::InputGradient::ZERO);
        }
        window.held().contains(&step).then(|| window.input_gradient(self.network, step))
    }

    /// Runs the job to its end.
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

    /// Processes up to `most` pieces of the current phase.
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
}
