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

/// Updates in one call, and as a job in slices.
impl<C, R, O, const T: usize, const S: usize, const P: usize, L> Trainer<'_, Workspace<Network<C, R>, O, T, S, P>, L>
where
    C: Sequential,
    R: LearnedReadout<C::Output, Scalar = C::Scalar>,
    O: Optimizer<Scalar = C::Scalar>,
    L: Loss<C::Math, R::Output>,
{
    /// Makes one update from one sequence, starting from the zero state.
    ///
    /// # Errors
    /// [`TrainError`] that names the problem with the sequence or its gradient, and documents what stays unchanged:
    /// with a checkpointed tape, a loss or gradient that is found not to be finite after the first segment of the
    /// backward pass has caused the accumulated gradient to be discarded.
    pub fn update<X>(&mut self, xs: &[X], targets: impl Targets<L::Target>) -> Result<Report<C::Scalar>, TrainError>
    where
        C: Layer<X>,
    {
        self.update_from(&mut C::State::ZERO.clone(), xs, targets)
    }

    /// Makes one update from a window of a longer sequence, starting from `state`, which is carried to the window's
    /// end; the gradient is cut there (truncated BPTT).
    ///
    /// A window in which no step has a target carries `state` through with a loss of 0 and makes no update: weights,
    /// moments and accumulated gradient stay. Targets that all have weight 0 are an error instead, unless another
    /// target counts in an accumulated sequence: nothing can be divided by their sum.
    ///
    /// # Errors
    /// Same as for [`update`](Self::update); `state` is unchanged.
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

    /// Adds the gradient of a window to the gradient for the next [`apply`](Self::apply); returns the loss, like
    /// [`Report::loss`].
    ///
    /// A window without a target, or with only targets of weight 0, adds nothing and carries `state` through.
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

    /// Begins an update: [`update`](Self::update) in slices of bounded work, one for each [`poll`](Self::poll).
    ///
    /// # Errors
    /// Faults visible before the first step: an empty or too long sequence, targets that do not fit.
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

    /// Begins [`accumulate`](Self::accumulate) in slices of bounded work. For the last sequence before an update, use
    /// [`begin`](Self::begin), which updates from everything accumulated.
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

    /// Makes `job` the one under way, in place of one that was lost: it continues where the lost job stopped.
    ///
    /// Its inputs, targets and state must be the same as in the lost job. Only the number of steps can be checked.
    ///
    /// # Errors
    /// [`TrainError::StaleJob`] if no job is under way; [`TrainError::OtherSequence`] for a different number of
    /// steps.
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

    /// Does one slice of work: a step forward, the loss of a step, a step backward, a row of the gradient, 64
    /// parameters of the update, or what a [`Rounded`](crate::optim::Rounded) rule does for one gate. Returns the report once the update is complete. With a checkpointed tape, steps and
    /// rows are repeated for each segment. A bidirectional layer has twice as many steps, one for each direction.
    ///
    /// Between two slices the caller may do anything else: feed a watchdog, serve a radio.
    ///
    /// # Errors
    /// [`TrainError`] that stopped the update; the job is then over. [`TrainError::StaleJob`] for a job that is not
    /// under way: not begun, done, or abandoned.
    pub fn poll<X, D: Inputs<X>, Y: Targets<L::Target>>(
        &mut self,
        job: &mut Job<Workspace<Network<C, R>, O, T, S, P>, D, Y>,
    ) -> Result<Option<Report<C::Scalar>>, TrainError>
    where
        C: Layer<X>,
    {
        self.advance(job, 1)
    }

    /// After a backward step t, returns t and the gradient of the state before it, of the losses from t on (times the
    /// divisor of [`Reduction`](super::Reduction)). Returns `None` after any other slice.
    ///
    /// Its size for falling t shows whether a gradient vanishes or explodes. For t = 0 it is the gradient of the
    /// initial state. If layers pass over the sequence more than once, t is the number of the [visit](crate::layer).
    pub fn gradient_of_state(&self) -> Option<(usize, &C::State)> {
        let held = self.workspace.window.held();
        match self.workspace.progress.phase {
            Phase::Back(t) if (t as usize) < held.end => Some((t as usize, &self.workspace.progress.sweep.state)),
            Phase::Accumulate(0) => Some((held.start, &self.workspace.progress.sweep.state)),
            _ => None,
        }
    }

    /// Returns the gradient with respect to the input of `step`, in the sequence of the last backward pass: of its
    /// losses, times the divisor of [`Reduction`](super::Reduction).
    ///
    /// It is computed with the weights, so it is available from the end of the backward pass until they change: after
    /// [`accumulate`](Self::accumulate), or between two slices. `None` at any other time, for a step that the
    /// sequence does not have and, with a checkpointed tape, for a step outside the segment processed last.
    pub fn input_gradient<X>(&self, step: usize) -> Option<C::InputGradient>
    where
        C: Layer<X>,
    {
        let Workspace { window, progress, .. } = &*self.workspace;
        if !progress.is_swept || step >= progress.steps as usize {
            return None;
        }
        if step >= progress.visits_back as usize {
            // After the last target nothing was gone back through.
            return Some(C::InputGradient::ZERO);
        }
        window.held().contains(&step).then(|| window.input_gradient(self.network, step))
    }

    /// Processes all slices in one call.
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
