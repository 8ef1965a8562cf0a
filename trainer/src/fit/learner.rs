//! Network in training.

use super::average::Averaged;
use super::error::{CheckpointError, CheckpointFlaw, FitError, Which};
use super::identity::Identity;
use super::judge::{Counted, Tally};
use super::numbers::{Numbers, flat, set};
use super::state::{Kept, Reduced, State, share};
use super::store::Store;
use super::{Fit, Judge, Position, Samples};
use crate::{Sample, zeroed};
use elman::dense::LearnedReadout;
use elman::loss::Loss;
use elman::math::Scalar;
use elman::optim::Optimizer;
use elman::target::Targets;
use elman::{Config, Job, Layer, Network, Parameters, Reader, Reduction, SequenceError, TrainError};
use elman::{Trainer, Workspace, Xoshiro128, Zero};
use std::fmt::Debug;
use std::time::Instant;
use zerocopy::FromZeros;

/// Network in training, with its memory, samples and settings.
pub struct Learner<'r, 'a, C, R, D, O, const T: usize, const S: usize, L>
where
    C: elman::layer::Sequential,
    R: LearnedReadout<C::Output, Scalar = C::Scalar>,
    D: Samples + ?Sized,
    O: Optimizer<Scalar = C::Scalar> + Debug,
{
    network: &'r mut Network<C, R>,
    work: Box<Workspace<Network<C, R>, O, T, S>>,
    reader: Box<Reader<Network<C, R>, T>>,
    train: &'r D,
    valid: &'r [D::Sample],
    how: &'r Fit<'a, O, T, S, L>,
    store: Option<Store<'a>>,
}

/// Loss and accuracy.
pub type Validation = (f64, Option<f64>);

impl<'r, 'a, C, R, D, O, const T: usize, const S: usize, L> Learner<'r, 'a, C, R, D, O, T, S, L>
where
    C: Layer<<D::Sample as Sample>::Input, Scalar: Into<f64>>,
    R: LearnedReadout<C::Output, Scalar = C::Scalar>,
    D: Samples + ?Sized,
    O: Optimizer<Scalar = C::Scalar> + Debug,
    L: Judge<C::Math, R::Output> + Loss<C::Math, R::Output, Target = <D::Sample as Sample>::Target>,
    Workspace<Network<C, R>, O, T, S>: FromZeros,
{
    pub fn new(
        network: &'r mut Network<C, R>,
        (train, valid): (&'r D, &'r [D::Sample]),
        how: &'r Fit<'a, O, T, S, L>,
    ) -> Self {
        Self { network, work: zeroed(), reader: Box::new(Reader::ZERO), train, valid, how, store: None }
    }

    /// Checks the settings of the updates and all samples that exist before the run.
    pub fn check(&mut self) -> Result<(), FitError> {
        let tally = Tally::default();
        let config = self.config(self.how.optimizer, &tally);
        let mut trainer = Trainer::new(self.network, &mut self.work, config)?;
        let alone = self.how.batch == 1;
        for (which, samples) in [(Which::Training, self.train.held()), (Which::Validation, self.valid)] {
            let mut counts = samples.is_empty();
            for (index, sample) in samples.iter().enumerate() {
                let error = |error| FitError::Sample { which, index, error };
                check_sample(&mut trainer, sample).map_err(error)?;
                let counted = counted::<C, R, D, L>(&self.how.loss, sample);
                if which == Which::Training && alone && !counted {
                    return Err(error(TrainError::NoTarget));
                }
                counts |= counted;
            }
            if !counts {
                return Err(FitError::NoTarget { which });
            }
        }
        Ok(())
    }

    /// Runs the rest of an epoch; returns `true` if the epoch is complete, `false` if the run is to stop.
    pub fn epoch(&mut self, state: &mut State, kept: &mut Kept) -> Result<bool, FitError> {
        let began = Instant::now();
        while !state.is_read() && !self.how.is_stopped() {
            self.update(state)?;
            kept.average.update(self.how.average, self.network);
        }
        // The average of an epoch whose validation is stopped is not kept: it is validated anew when the run goes on.
        let mut average = kept.average.clone();
        average.epoch(self.how.average, state.history.epochs.len() + 1, self.network);
        let (valid, weights) = if state.is_read() { self.judge(&average)? } else { (None, Vec::new()) };
        state.sums.seconds += began.elapsed().as_secs_f64();
        if self.how.is_stopped() {
            return Ok(false);
        }
        kept.average = average;
        if state.close(valid) {
            kept.best = Some(weights);
        }
        if let (Some(progress), Some(epoch)) = (self.how.progress, state.history.epochs.last()) {
            progress.epoch(epoch);
        }
        Ok(true)
    }

    /// Makes one update from the next samples.
    fn update(&mut self, state: &mut State) -> Result<(), FitError> {
        let end = state.order.len().min(state.read + self.how.batch);
        let (tally, mut rng) = (Tally::default(), Xoshiro128::from_state(state.rng));
        let rate = self.rate(state);
        let config = self.config(self.how.optimizer.with_rate(rate), &tally);
        let mut trainer = Trainer::new(self.network, &mut self.work, config)?;
        let mut batch = Reduced::default();
        for &index in state.order.get(state.read..end).unwrap_or(&[]) {
            let index = index as usize;
            let Some(sample) = self.train.sample(index, &mut rng) else { continue };
            let before = tally.weight();
            let loss = trainer.accumulate(&mut C::State::ZERO.clone(), sample.inputs(), sample.targets());
            let loss = loss.map_err(|error| FitError::Sample { which: Which::Training, index, error })?.into();
            let parts = self.how.parts(tally.weight() - before);
            batch.add(loss * parts, parts);
        }
        let norm = trainer.apply().map_err(|error| FitError::Update { update: state.updates + 1, error })?;
        (state.rng, state.read, state.updates) = (rng.state(), end, state.updates + 1);
        state.sums.add(&batch, tally.answers(), norm.map(Into::into), rate.into());
        if let Some(progress) = self.how.progress {
            progress.learned(batch.value(), share(tally.answers()));
        }
        Ok(())
    }

    /// Validates the average or, if there is none, the weights, and also returns what it validated. The
    /// network keeps its own weights.
    fn judge(&mut self, average: &Averaged) -> Result<(Option<Validation>, Vec<f64>), FitError> {
        let own = self.swap_in(average);
        let (valid, judged) = (self.validate(), flat(self.network));
        if let Some(own) = own {
            set(self.network, &own);
        }
        Ok((valid?, judged))
    }

    /// Puts the average into the network as an update would leave it, if there is one; returns the weights it had.
    fn swap_in(&mut self, average: &Averaged) -> Option<Vec<f64>> {
        let own = average.swap_in(self.network);
        if own.is_some() {
            self.how.optimizer.adjust(self.network);
        }
        own
    }

    /// Returns the loss and accuracy on the validation samples; `None` if there are none, or if the run is to
    /// stop.
    fn validate(&mut self) -> Result<Option<Validation>, FitError> {
        let (tally, mut all) = (Tally::default(), Reduced::default());
        for (index, sample) in self.valid.iter().enumerate() {
            if self.how.is_stopped() {
                return Ok(None);
            }
            let before = tally.weight();
            let loss = Counted { loss: &self.how.loss, tally: &tally };
            let sum = match self.reader.on(self.network).evaluate(&loss, sample.inputs(), sample.targets()) {
                Err(TrainError::NoTarget) => continue,
                sum => sum.map_err(|error| FitError::Sample { which: Which::Validation, index, error })?,
            };
            all.add(sum.into(), self.how.parts(tally.weight() - before));
        }
        Ok((!self.valid.is_empty()).then(|| (all.value(), share(tally.answers()))))
    }

    fn config<'t>(&self, optimizer: O, tally: &'t Tally) -> Config<O, Counted<'t, L>>
    where
        'r: 't,
    {
        let loss = Counted { loss: &self.how.loss, tally };
        Config { optimizer, loss, clip: self.how.clip(), steps: self.how.steps, sequences: Reduction::Mean }
    }

    /// Returns the learning rate of the next update.
    fn rate(&self, state: &State) -> C::Scalar {
        let position = Position {
            update: state.updates,
            updates: self.how.updates(state.order.len()),
            epoch: state.history.epochs.len(),
            warm_up: self.how.warm_up,
        };
        let full: f64 = self.how.optimizer.rate().into();
        Scalar::from_f64(full * self.how.schedule.factor(position))
    }

    /// Leaves the best weights in the network or, without validation, the last; averaged if the run averages
    /// them.
    pub fn finish(&mut self, kept: &Kept) {
        match &kept.best {
            Some(best) => drop(set(self.network, best)),
            None => drop(self.swap_in(&kept.average)),
        }
    }

    /// Starts the run, or restores it from its checkpoint. Returns its state and the weights kept.
    pub fn open(&mut self) -> Result<(State, Kept), FitError> {
        let start = State::new(self.train.count() as u32, self.how.seed);
        let Some(path) = self.how.checkpoint else { return Ok((start, Kept::default())) };
        let run = Identity::new(self.network, (self.train, self.valid), self.how);
        let (store, found) = Store::open(path, run)?;
        self.store = Some(store);
        let Some(found) = found else { return Ok((start, Kept::default())) };
        let damaged = || CheckpointError { path: path.into(), flaw: CheckpointFlaw::Damaged };
        if !found.kept.is_sound(Network::<C, R>::COUNT) {
            return Err(damaged().into());
        }
        let restored = found.numbers.restore(self.network, self.work.kept());
        restored.map(|()| (found.state, found.kept)).ok_or_else(|| damaged().into())
    }

    /// Writes the checkpoint, if the run has one.
    pub fn save(&mut self, state: &State, kept: &Kept) -> Result<(), FitError> {
        let Some(store) = &self.store else { return Ok(()) };
        let numbers = Numbers::of(self.network, self.work.kept());
        Ok(store.save(state, numbers, kept)?)
    }
}

impl<O: elman::optim::Optimizer, const T: usize, const S: usize, L> Fit<'_, O, T, S, L> {
    /// Returns the weight of a sample in the mean, given the total weight of its targets.
    fn parts(&self, weight: f64) -> f64 {
        match self.steps {
            Reduction::Sum => f64::from(u8::from(weight > 0.0)),
            Reduction::Mean => weight,
        }
    }
}

/// Returns `true` if a target of `sample` counts.
fn counted<C, R, D, L>(loss: &L, sample: &D::Sample) -> bool
where
    C: elman::layer::Sequential,
    R: LearnedReadout<C::Output, Scalar = C::Scalar>,
    D: Samples + ?Sized,
    L: Loss<C::Math, R::Output, Target = <D::Sample as Sample>::Target>,
{
    let (steps, targets) = (sample.inputs().len(), sample.targets());
    (0..steps).filter_map(|step| targets.at(step, steps)).any(|target| loss.weight(target) > C::Scalar::ZERO)
}

/// Checks a sample, as an update would do before its first step.
fn check_sample<C, R, O, X, const T: usize, const S: usize, L>(
    trainer: &mut Trainer<'_, Workspace<Network<C, R>, O, T, S>, L>,
    sample: &X,
) -> Result<(), TrainError>
where
    C: Layer<X::Input>,
    R: LearnedReadout<C::Output, Scalar = C::Scalar>,
    O: elman::optim::Optimizer<Scalar = C::Scalar>,
    X: Sample,
    L: Loss<C::Math, R::Output, Target = X::Target>,
{
    let inputs = sample.inputs();
    if let Some(step) = inputs.iter().position(|x| !C::accepts(x)) {
        return Err(SequenceError::NonFiniteInput { step }.into());
    }
    trainer.begin_accumulate(&mut Job::new(inputs, sample.targets()))?;
    trainer.abandon().map(drop)
}
