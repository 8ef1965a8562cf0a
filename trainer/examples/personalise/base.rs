//! The model before delivery, trained on everyone except the future wearer of the watch.

use crate::Sequence;
use crate::people::Person;
use crate::wearer::{CHANNELS, Net, STEPS, Score, Window};
use elman::error::WriteError;
use elman::{Adam, Clip, Libm, Normalizer, Random, Xoshiro128, init};
use elman_trainer::data;
use elman_trainer::fit::{Schedule, Varied};
use elman_trainer::trials::Failure;
use elman_trainer::{Fit, Progress, fit, zeroed};

/// Training plan: Adam, with a learning rate that decreases linearly towards 0.
#[derive(Clone, Copy)]
pub struct Plan {
    /// Number of times that each window is seen.
    pub epochs: usize,
    /// Number of windows whose gradients are averaged for an update.
    pub batch: usize,
    /// Learning rate of the first update.
    pub rate: f32,
    /// Standard deviation of the normal noise added to each normalised input, drawn anew in each epoch.
    pub noise: f32,
}

/// Plan chosen from the [`CANDIDATES`], as `docs/personalise.md` describes.
pub const CHOSEN: Plan = Plan { epochs: 8, batch: 16, rate: 0.01, noise: 0.0 };

/// Plans tried by `personalise choose`.
pub const CANDIDATES: [Plan; 5] = [
    Plan { epochs: 4, batch: 8, ..CHOSEN },
    Plan { batch: 8, rate: 0.005, ..CHOSEN },
    CHOSEN,
    Plan { rate: 0.003, ..CHOSEN },
    Plan { noise: 0.2, ..CHOSEN },
];

impl Plan {
    fn fit(self, seed: u64, progress: &Progress) -> Fit<'_, Adam, STEPS> {
        Fit {
            clip: Clip::Norm(1.0),
            epochs: self.epochs,
            batch: self.batch,
            schedule: Schedule::Linear,
            seed,
            progress: Some(progress),
            ..Fit::new(Adam::new(self.rate))
        }
    }

    /// Adds noise to a window.
    fn varied(self, window: &Sequence, rng: &mut Xoshiro128) -> Sequence {
        let mut noisy = window.clone();
        if self.noise > 0.0 {
            let values = noisy.steps.as_flattened_mut().iter_mut();
            values.for_each(|value| *value += self.noise * rng.normal::<Libm<f32>>());
        }
        noisy
    }

    /// Creates the progress display for several training runs. For each run, `without` has the indices of the people
    /// who are left out.
    pub fn progress(self, people: &[Person], without: impl IntoIterator<Item: AsRef<[usize]>>) -> Progress {
        let count = |without: &[usize]| known(people, without).flat_map(Person::learned).count();
        let updates = |without: &[usize]| self.epochs * count(without).div_ceil(self.batch);
        Progress::new(without.into_iter().map(|without| updates(without.as_ref())).sum())
    }
}

/// Returns all people except the ones with the indices `without`.
pub fn known<'a>(people: &'a [Person], without: &[usize]) -> impl Iterator<Item = &'a Person> {
    people.iter().enumerate().filter(|(place, _)| !without.contains(place)).map(|(_, person)| person)
}

/// A network, with a normaliser that brings each channel of its training windows to mean 0 and variance 1.
pub struct Base {
    /// Normaliser of the training windows.
    pub normalizer: Normalizer<CHANNELS>,
    /// The network.
    pub network: Box<Net>,
}

impl Base {
    /// Trains on all `people` except those with the indices `without`.
    pub fn learn(
        plan: Plan,
        (people, without): (&[Person], &[usize]),
        seed: u64,
        progress: &Progress,
    ) -> Result<Self, Failure> {
        let window = |(steps, label): Window<'_>| Sequence { steps: steps.to_vec(), label, group: 0 };
        let windows: Vec<_> = known(people, without).flat_map(Person::learned).map(window).collect();
        let normalizer = data::normalizer(&windows)?;
        let samples: Vec<_> = windows.iter().map(|window| window.normalized(&normalizer)).collect();
        let mut network: Box<Net> = zeroed();
        init::orthogonal::<Libm<f32>, _>(&mut *network, &mut Xoshiro128::from_seed(seed));
        fit(
            &mut *network,
            &Varied(&samples, |sample: &_, rng: &mut _| plan.varied(sample, rng)),
            &[],
            &plan.fit(seed, progress),
        )?;
        Ok(Self { normalizer, network })
    }

    /// Returns the share of `windows` that `network` recognises with this model's normaliser, in percent.
    pub fn percent<'a>(&self, network: &Net, windows: impl Iterator<Item = Window<'a>>) -> Result<f64, Failure> {
        let Score { right, all } = Score::of((network, &self.normalizer), windows)?;
        Ok(100.0 * right as f64 / all as f64)
    }

    /// Returns the image for the flash: the network and its normaliser.
    pub fn image(&self) -> Result<Vec<u8>, WriteError> {
        data::image(&*self.network, &[&self.normalizer])
    }
}
