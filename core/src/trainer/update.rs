use super::batch::Share;
use super::phase::{Goal, Phase};
use super::{Report, Trainer};
use crate::bptt::{Sweep, Window};
use crate::clip::Norm;
use crate::dense::LearnedReadout;
use crate::error::{SequenceError, TrainError};
use crate::layer::{Layer, Place};
use crate::loss::Loss;
use crate::math::{Magnitude, Scalar, Zero};
use crate::network::Network;
use crate::optim::Optimizer;
use crate::parameters::Parameters;
use crate::tape::first;
use crate::target::{Targets, counted};

/// Parameters a slice of work goes through.
const CHUNK: usize = 64;

/// An update under way. Between two slices the caller may do anything else: feed a watchdog, serve a radio.
///
/// Dropped before it reaches the gradient, the update is forgotten; dropped later, it is completed first, so that no
/// gradient and no network is left half new and half old. (`mem::forget` goes round that.)
pub struct Update<'t, 'a, 'x, C, R, O, const T: usize, const S: usize, const P: usize, L, X, Y>
where
    C: Layer<X>,
    R: LearnedReadout<C::Output, Scalar = C::Scalar>,
    O: Optimizer<Scalar = C::Scalar>,
    L: Loss<C::Math, R::Output>,
    Y: Targets<L::Target>,
{
    trainer: &'t mut Trainer<'a, Network<C, R>, O, T, S, P, L>,
    state: &'x mut C::State,
    xs: &'x [X],
    targets: Y,
    /// Visits that the targets need: none without one that counts.
    visits_back: usize,
    share: Share<C::Scalar>,
    goal: Goal,
    reached: C::State,
    sweep: Sweep<C::Scalar, C::State>,
    norm: Norm<C::Scalar>,
    phase: Phase<C::Scalar>,
}

impl<'t, 'a, 'x, C, R, O, const T: usize, const S: usize, const P: usize, L, X, Y>
    Update<'t, 'a, 'x, C, R, O, T, S, P, L, X, Y>
where
    C: Layer<X>,
    R: LearnedReadout<C::Output, Scalar = C::Scalar>,
    O: Optimizer<Scalar = C::Scalar>,
    L: Loss<C::Math, R::Output>,
    Y: Targets<L::Target>,
{
    pub(super) fn new(
        trainer: &'t mut Trainer<'a, Network<C, R>, O, T, S, P, L>,
        state: &'x mut C::State,
        (xs, targets): (&'x [X], Y),
        (visits_back, share, goal): (usize, Share<C::Scalar>, Goal),
    ) -> Self {
        let reached = *state;
        let (sweep, norm, phase) = (Sweep::ZERO, Norm::ZERO, Phase::Forward(0));
        Self { trainer, state, xs, targets, visits_back, share, goal, reached, sweep, norm, phase }
    }

    /// One slice of work: a step forward, the loss of a step, a step back, a row of the gradient, or 64 parameters of the
    /// update. Returns the report once the update is complete. Over a checkpointed tape, steps and rows come again for each
    /// segment. A bidirectional layer's steps are twice as many, once for each direction.
    ///
    /// # Errors
    /// The [`TrainError`] that stopped the update, now and at every later call.
    pub fn poll(&mut self) -> Result<Option<Report<C::Scalar>>, TrainError> {
        self.advance(1)
    }

    /// After a slice that went back over a step t: t and the gradient of the state before it, of the losses from t on (times
    /// what [`Reduction`](super::Reduction) divides by). `None` after any other slice.
    ///
    /// Its size over t falling shows a gradient that vanishes or explodes. For t = 0 it is the gradient of the first state.
    /// Where layers go through the sequence more than once, t is the number of the [visit](crate::layer).
    pub fn gradient_of_state(&self) -> Option<(usize, &C::State)> {
        let held = self.trainer.workspace.window.held();
        match self.phase {
            Phase::Back(t) if t < held.end => Some((t, &self.sweep.state)),
            Phase::Accumulate(0) => Some((held.start, &self.sweep.state)),
            _ => None,
        }
    }

    /// All that is left, in one call.
    pub(super) fn finish(mut self) -> Result<Report<C::Scalar>, TrainError> {
        loop {
            if let Some(report) = self.advance(usize::MAX)? {
                return Ok(report);
            }
        }
    }

    /// Up to `most` pieces of the present phase.
    fn advance(&mut self, most: usize) -> Result<Option<Report<C::Scalar>>, TrainError> {
        self.phase = self.next(most).unwrap_or_else(Phase::Failed);
        match self.phase {
            Phase::Done(gradient_norm) => Ok(Some(Report { loss: self.share.loss(self.sweep.loss), gradient_norm })),
            Phase::Failed(error) => Err(error),
            _ => Ok(None),
        }
    }

    fn next(&mut self, most: usize) -> Result<Phase<C::Scalar>, TrainError> {
        match self.phase {
            Phase::Forward(t) => self.forward(t, most),
            Phase::Repeat(t, end) => Ok(self.repeat(t, end, most)),
            Phase::Score(t, end) => Ok(self.score(t, end, most)),
            Phase::Back(t) => self.back(t, most),
            Phase::Accumulate(unit) => Ok(self.accumulate(unit, most)),
            Phase::Norm(start) => self.add_norm(start, most),
            Phase::Try(start, norm) => self.try_apply(start, norm, most),
            Phase::Apply(start, norm) => Ok(self.apply(start, norm, most)),
            Phase::Done(_) | Phase::Failed(_) => Ok(self.phase),
        }
    }

    /// How often steps are visited.
    fn visits(&self) -> usize {
        C::PASSES * self.xs.len()
    }

    fn forward(&mut self, start: usize, most: usize) -> Result<Phase<C::Scalar>, TrainError> {
        let end = start.saturating_add(most).min(self.visits());
        for visit in start..end {
            if self.xs.get(visit).is_some_and(|x| !C::input_magnitude(x).is_finite()) {
                return Err(SequenceError::NonFiniteInput { step: visit }.into());
            }
            self.trainer.workspace.window.forward(self.trainer.network, &mut self.reached, visit, self.xs)?;
        }
        if end < self.visits() {
            return Ok(Phase::Forward(end));
        }
        if self.share.counts() {
            return Ok(self.go_back_from(self.visits_back));
        }
        // No loss will tell whether the network is sound.
        if self.reached.magnitude().is_finite() {
            Ok(self.accumulated())
        } else {
            Err(SequenceError::NonFiniteOutput { step: self.xs.len() - 1 }.into())
        }
    }

    /// What comes before the sweep from `end` on.
    fn go_back_from(&mut self, end: usize) -> Phase<C::Scalar> {
        let window = &mut self.trainer.workspace.window;
        if P > 1 && end <= window.held().start {
            return Phase::Repeat(first::<T, P>(end.saturating_sub(1)), end);
        }
        window.truncate(end);
        self.before(self.xs.len(), end)
    }

    fn repeat(&mut self, start: usize, end: usize, most: usize) -> Phase<C::Scalar> {
        let stop = start.saturating_add(most).min(end);
        for visit in start..stop {
            self.trainer.workspace.window.repeat(self.trainer.network, visit, self.xs);
        }
        if stop < end { Phase::Repeat(stop, end) } else { self.before(end, end) }
    }

    fn score(&mut self, mut step: usize, end: usize, most: usize) -> Phase<C::Scalar> {
        for _ in 0..most {
            let loss = &self.trainer.config.loss;
            if let Some(target) = counted(loss, &self.targets, step, self.xs.len()) {
                let place = if Y::FINAL { Place::End } else { Place::Step(step) };
                let scored = (loss, target, self.share.scale());
                self.trainer.workspace.window.score(self.trainer.network, place, scored, &mut self.sweep);
            }
            match self.before(step, end) {
                Phase::Score(next, _) => step = next,
                phase => return phase,
            }
        }
        Phase::Score(step, end)
    }

    /// What comes before the way back from `end` on, the steps from `stop` on scored.
    fn before(&self, stop: usize, end: usize) -> Phase<C::Scalar> {
        let first = self.trainer.workspace.window.held().start;
        let counts = |step| counted(&self.trainer.config.loss, &self.targets, step, self.xs.len()).is_some();
        let target = (first..stop).rev().find(|&step| counts(step));
        target.map_or(Phase::Back(end), |step| Phase::Score(step, end))
    }

    fn back(&mut self, end: usize, most: usize) -> Result<Phase<C::Scalar>, TrainError> {
        let first = self.trainer.workspace.window.held().start;
        let start = end.saturating_sub(most).max(first);
        for visit in (start..end).rev() {
            self.trainer.workspace.window.back(self.trainer.network, visit, self.xs, &mut self.sweep);
        }
        if start > first {
            return Ok(Phase::Back(start));
        }
        if !self.sweep.loss.is_finite() {
            return Err(self.dropping(TrainError::NonFiniteLoss));
        }
        match self.trainer.check_bound(self.sweep.bound) {
            Ok(()) => Ok(Phase::Accumulate(0)),
            Err(error) => Err(self.dropping(error)),
        }
    }

    /// `error`, with the gradient dropped if a part of this sequence's is in it.
    fn dropping(&mut self, error: TrainError) -> TrainError {
        if self.reached_the_gradient() {
            self.trainer.drop_gradient();
        }
        error
    }

    /// Whether a part of the sequence's gradient was added.
    fn reached_the_gradient(&self) -> bool {
        let later = |end| P > 1 && end < self.visits_back;
        match self.phase {
            Phase::Forward(_) | Phase::Done(_) | Phase::Failed(_) => false,
            Phase::Repeat(_, end) => later(end),
            Phase::Score(..) | Phase::Back(_) | Phase::Accumulate(0) => later(self.trainer.workspace.window.held().end),
            Phase::Accumulate(_) | Phase::Norm(_) | Phase::Try(..) | Phase::Apply(..) => true,
        }
    }

    fn accumulate(&mut self, start: usize, most: usize) -> Phase<C::Scalar> {
        let units = Window::<Network<C, R>, T, S, P>::units::<X>();
        let end = start.saturating_add(most).min(units);
        for unit in start..end {
            self.trainer.accumulate_unit(unit, self.xs);
        }
        if end < units {
            return Phase::Accumulate(end);
        }
        match self.trainer.workspace.window.held().start {
            0 => self.accumulated(),
            first => self.go_back_from(first),
        }
    }

    fn accumulated(&mut self) -> Phase<C::Scalar> {
        if self.goal != Goal::Carry {
            self.trainer.workspace.batch.add(&self.share);
        }
        if self.goal == Goal::Update {
            return Phase::Norm(0);
        }
        *self.state = self.reached;
        Phase::Done(None)
    }

    fn add_norm(&mut self, start: usize, most: usize) -> Result<Phase<C::Scalar>, TrainError> {
        let length = most.saturating_mul(CHUNK);
        self.trainer.add_norm(&mut self.norm, start, length);
        let end = start.saturating_add(length);
        if end < Network::<C, R>::COUNT {
            return Ok(Phase::Norm(end));
        }
        let norm = self.trainer.checked_norm(&self.norm)?;
        Ok(if self.trainer.is_bounded() { Phase::Apply(0, norm) } else { Phase::Try(0, norm) })
    }

    fn try_apply(
        &mut self,
        start: usize,
        norm: Option<C::Scalar>,
        most: usize,
    ) -> Result<Phase<C::Scalar>, TrainError> {
        let length = most.saturating_mul(CHUNK);
        self.trainer.try_range(norm, start, length)?;
        let end = start.saturating_add(length);
        Ok(if end < Network::<C, R>::COUNT { Phase::Try(end, norm) } else { Phase::Apply(0, norm) })
    }

    fn apply(&mut self, start: usize, norm: Option<C::Scalar>, most: usize) -> Phase<C::Scalar> {
        let length = most.saturating_mul(CHUNK);
        self.trainer.apply_range(norm, start, length);
        let end = start.saturating_add(length);
        if end < Network::<C, R>::COUNT {
            return Phase::Apply(end, norm);
        }
        self.trainer.updated();
        *self.state = self.reached;
        Phase::Done(norm)
    }
}

impl<C, R, O, const T: usize, const S: usize, const P: usize, L, X, Y> Drop
    for Update<'_, '_, '_, C, R, O, T, S, P, L, X, Y>
where
    C: Layer<X>,
    R: LearnedReadout<C::Output, Scalar = C::Scalar>,
    O: Optimizer<Scalar = C::Scalar>,
    L: Loss<C::Math, R::Output>,
    Y: Targets<L::Target>,
{
    fn drop(&mut self) {
        if self.reached_the_gradient() {
            while let Ok(None) = self.advance(usize::MAX) {}
        }
    }
}
