//! Training of the network.

use crate::{CHANNELS, HIDDEN, NetOf, SPEAKERS, STEPS, Set, Step, WorkOf};
use core::fmt;
use elman::error::ConfigError;
use elman::metrics::Confusion;
use elman::{Adam, Class, Clip, Config, Last, Layer, Libm, Normalizer, Random, Reads, Reduction};
use elman::{SequenceError, TrainError, Trainer, Xoshiro128, Zero, init};

/// Reason why training stopped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Refused {
    /// The plan is invalid.
    Config(ConfigError),
    /// An utterance or its gradient was refused.
    Update(TrainError),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(error) => error.fmt(f),
            Self::Update(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for Refused {}

/// Largest number of utterances in a training set.
const MOST: usize = 512;

/// Plan of a whole training run: the same plan and data give the same bits everywhere.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// Seed for the initial weights, the order of the utterances and the noise.
    pub seed: u64,
    /// Number of times that each utterance is seen.
    pub epochs: usize,
    /// Number of utterances whose gradients are averaged for an update.
    pub batch: usize,
    /// Learning rate of the first update; it falls linearly towards 0.
    pub rate: f32,
    /// Norm to which the gradient is clipped.
    pub clip: f32,
    /// Standard deviation of the normal noise added to each normalised input, drawn again each time.
    pub noise: f32,
}

impl Plan {
    /// Plan for the host, chosen on a held-out fifth of the training set.
    pub const HOST: Self = Self { seed: 0, epochs: 60, batch: 16, rate: 0.01, clip: 0.25, noise: 0.7 };
    /// Plan for a GRU on the host, chosen like [`HOST`](Self::HOST).
    pub const GRU: Self = Self { noise: 0.5, ..Self::HOST };
    /// Plan for an LSTM on the host, whose forget gate starts open (a bias of 1), chosen like
    /// [`HOST`](Self::HOST).
    pub const LSTM: Self = Self::HOST;
    /// Plan for the device: a few minutes on a microcontroller.
    pub const DEVICE: Self = Self { seed: 1, epochs: 8, batch: 4, rate: 0.01, clip: 1.0, noise: 0.3 };

    /// Returns the number of updates of the whole plan, for a set of `count` utterances.
    #[must_use]
    pub const fn updates(&self, count: usize) -> usize {
        self.epochs * count.div_ceil(self.batch)
    }
}

/// Training run in progress, one update at a time.
#[derive(Debug)]
pub struct Training<'a> {
    plan: Plan,
    set: Set<'a>,
    normalizer: Normalizer<CHANNELS>,
    rng: Xoshiro128,
    order: [u16; MOST],
    count: usize,
    update: usize,
}

impl<'a> Training<'a> {
    /// Draws the initial weights of `network` and starts a run.
    pub fn start<C: Layer<Step, Scalar = f32, Output = [f32; HIDDEN]>>(
        plan: Plan,
        set: Set<'a>,
        normalizer: Normalizer<CHANNELS>,
        network: &mut NetOf<C>,
    ) -> Self {
        let mut rng = Xoshiro128::from_seed(plan.seed);
        init::orthogonal::<Libm<f32>, _>(network, &mut rng);
        let order = core::array::from_fn(|i| i as u16);
        Self { plan, set, normalizer, rng, order, count: set.count().min(MOST), update: 0 }
    }

    /// Returns the total number of updates.
    #[must_use]
    pub const fn updates(&self) -> usize {
        self.plan.updates(self.count)
    }

    /// Performs the next update and returns the mean loss of its utterances; `None` at the end of the plan.
    pub fn next<C: Layer<Step, Scalar = f32, Output = [f32; HIDDEN]>>(
        &mut self,
        network: &mut NetOf<C>,
        work: &mut WorkOf<C>,
    ) -> Option<Result<f32, Refused>> {
        let each = self.count.div_ceil(self.plan.batch);
        if self.update >= self.updates() {
            return None;
        }
        if self.update.is_multiple_of(each) {
            self.rng.shuffle(&mut self.order[..self.count]);
        }
        let done = self.update as f32 / self.updates() as f32;
        let start = self.update % each * self.plan.batch;
        self.update += 1;
        Some(self.batch(network, work, (start, self.plan.rate * (1.0 - done))))
    }

    fn batch<C: Layer<Step, Scalar = f32, Output = [f32; HIDDEN]>>(
        &mut self,
        network: &mut NetOf<C>,
        work: &mut WorkOf<C>,
        (start, rate): (usize, f32),
    ) -> Result<f32, Refused> {
        let config =
            Config { clip: Clip::Norm(self.plan.clip), sequences: Reduction::Mean, ..Config::new(Adam::new(rate)) };
        let mut trainer = Trainer::new(network, work, config).map_err(Refused::Config)?;
        let end = self.count.min(start + self.plan.batch);
        let (mut loss, mut count) = (0.0, 0.0);
        for &index in &self.order[start..end] {
            let Some(utterance) = self.set.get(index.into()) else { continue };
            let mut buffer = [[0.0; CHANNELS]; STEPS];
            let steps = utterance.read(&self.normalizer, &mut buffer);
            for value in steps.as_flattened_mut() {
                *value += self.plan.noise * self.rng.normal::<Libm<f32>>();
            }
            let mut state = C::State::ZERO;
            loss += trainer.accumulate(&mut state, steps, Last(utterance.speaker)).map_err(Refused::Update)?;
            count += 1.0;
        }
        trainer.apply().map_err(Refused::Update)?;
        Ok(loss / count)
    }
}

/// Classifies each utterance in order, passes the answer to `each`, and returns the confusion matrix.
///
/// # Errors
/// Any error from the network.
pub fn evaluate<C: Reads<Step, Output = [f32; HIDDEN]>>(
    (network, normalizer): (&NetOf<C>, &Normalizer<CHANNELS>),
    set: Set<'_>,
    mut each: impl FnMut(Class<SPEAKERS>),
) -> Result<Confusion<SPEAKERS>, SequenceError> {
    let mut confusion = Confusion::new();
    let mut buffer = [[0.0; CHANNELS]; STEPS];
    for utterance in set.iter() {
        let answer = network.classify(utterance.read(normalizer, &mut buffer))?;
        confusion.add(utterance.speaker, answer);
        each(answer);
    }
    Ok(confusion)
}
