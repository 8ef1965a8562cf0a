//! Movements of a smartwatch wearer: standing, running, walking or playing badminton.
//!
//! BasicMotions of the UEA archive (`data/README.md`): acceleration and rotation about three axes, 6 channels,
//! 100 steps of 0.1 s, 40 training and 40 test sequences. A GRU of 32 units predicts one of 4 classes after the
//! last step. `motions` prints the test accuracy for each seed. `motions choose` prints the cross-validation by which
//! the training options were chosen, within the training set; it does not read the test set. `motions write FILE`
//! writes the image of the model trained with seed 0; `board-example/models/motions.elman` was made this way.

use elman::image::Probe;
use elman::{Adam, Class, Clip, Dense, Gru, Libm, Network, Normalizer, Random, Xoshiro128, Zero, init};
use elman_files::output;
use elman_trainer::data::{self, Options};
use elman_trainer::fit::{Fit, Schedule, Varied, fit};
use elman_trainer::trials::{Failure, Share, mean, verdict};
use elman_trainer::{Progress, Trials};
use std::{env, path::Path, process::ExitCode};

const CHANNELS: usize = 6;
const CLASSES: usize = 4;
const STEPS: usize = 100;
const UNITS: usize = 32;
const BATCH: usize = 8;
const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/basic-motions");

type Sequence = data::Sequence<[f32; CHANNELS], Class<CLASSES>>;

/// Training options.
#[derive(Clone, Copy)]
struct Way {
    epochs: usize,
    rate: f32,
    /// Standard deviation of the normal noise added to each normalised input, drawn anew in each epoch.
    noise: f32,
    /// Smallest number of steps in the windows that are cut from sequences at random.
    shortest: usize,
}

const CHOSEN: Way = Way { epochs: 60, rate: 0.01, noise: 0.0, shortest: 50 };

const CANDIDATES: [Way; 9] = [
    Way { shortest: STEPS, ..CHOSEN },
    Way { shortest: STEPS, noise: 0.3, ..CHOSEN },
    Way { shortest: STEPS, noise: 0.5, ..CHOSEN },
    CHOSEN,
    Way { noise: 0.3, ..CHOSEN },
    Way { noise: 0.5, ..CHOSEN },
    Way { noise: 0.3, rate: 0.003, ..CHOSEN },
    Way { noise: 0.3, epochs: 30, ..CHOSEN },
    Way { noise: 0.3, epochs: 120, ..CHOSEN },
];

fn main() -> Result<ExitCode, Failure> {
    let train = read("train.rnnd")?;
    let arguments: Vec<_> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => judge_seeds(&train),
        ["choose"] => choose(&train),
        ["write", path] => write(&train, path),
        _ => Err("usage: motions [choose | write FILE]".into()),
    }
}

fn judge_seeds(train: &[Sequence]) -> Result<ExitCode, Failure> {
    let test = read("test.rnnd")?;
    println!("What is the wearer doing? Trained on {} sequences, tested on {} others.", train.len(), test.len());
    let trials = Trials::new([("right, %", 1)]);
    let gru = trials.run("GRU", CHOSEN.fit().updates(train.len()), |seed, progress| {
        let model = learn(CHOSEN, train, seed, progress)?;
        let mut right = Share::default();
        judge(&model, &test, &mut right)?;
        Ok([right.percent()])
    })?;
    trials.baseline("a guess", [100.0 / CLASSES as f64]);
    Ok(verdict([("GRU: average accuracy at least 95 %".into(), mean(&gru)[0] >= 95.0)]))
}

/// Number of steps of the probe with which a device checks weights and arithmetic.
const PROBED: usize = 16;

/// Writes the image of a model: weights, scaling, and a probe with the first steps of a sequence.
fn write(train: &[Sequence], path: &str) -> Result<ExitCode, Failure> {
    let Model { normalizer, network } = learn(CHOSEN, train, 0, &Progress::new(CHOSEN.fit().updates(train.len())))?;
    let input = &train[0].normalized(&normalizer).steps[..PROBED];
    let probe = Probe { input, expected: network.predict(input)?, tolerance: 0.0 };
    output::write(path.as_ref(), &data::image(&network, &[&normalizer, &probe])?)?;
    Ok(ExitCode::SUCCESS)
}

/// Runs a cross-validation, in which each seed holds out each fifth of the training set in turn.
fn choose(train: &[Sequence]) -> Result<ExitCode, Failure> {
    println!("Accuracy on the held-out training sequences: epochs, rate, noise, shortest window.");
    let trials = Trials::new([("right, %", 1)]);
    for way in CANDIDATES {
        let name = format!("{} {} {} {}", way.epochs, way.rate, way.noise, way.shortest);
        trials.run(&name, 5 * way.fit().updates(train.len() - train.len() / 5), |seed, progress| {
            let mut right = Share::default();
            for fold in 0..5 {
                let [held, fit_on] = parts(train, fold);
                judge(&learn(way, &fit_on, 100 + seed, progress)?, &held, &mut right)?;
            }
            Ok([right.percent()])
        })?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns every fifth sequence from the index `fold` on, equally many of each class, and the other sequences.
fn parts(train: &[Sequence], fold: usize) -> [Vec<Sequence>; 2] {
    let (held, others): (Vec<_>, Vec<_>) = train.iter().enumerate().partition(|(index, _)| index % 5 == fold);
    [held, others].map(|part| part.into_iter().map(|(_, sequence)| sequence.clone()).collect())
}

/// A network, with a normaliser that brings each channel to mean 0 and variance 1.
struct Model {
    normalizer: Normalizer<CHANNELS>,
    network: Network<Gru<CHANNELS, UNITS>, Dense<UNITS, CLASSES>>,
}

impl Way {
    /// Returns the settings for `fit`; the learning rate decreases linearly towards 0.
    fn fit<'a>(self) -> Fit<'a, Adam, STEPS> {
        let (clip, schedule) = (Clip::Norm(1.0), Schedule::Linear);
        Fit { epochs: self.epochs, batch: BATCH, clip, schedule, ..Fit::new(Adam::new(self.rate)) }
    }

    /// Returns a random window of a sequence, with noise.
    fn varied(self, Sequence { steps, label, group }: &Sequence, rng: &mut Xoshiro128) -> Sequence {
        let length = self.shortest + below(steps.len() - self.shortest + 1, rng);
        let start = below(steps.len() - length + 1, rng);
        let window = steps[start..start + length].iter();
        let noisy = window.map(|step| step.map(|x| x + self.noise * rng.normal::<Libm<f32>>()));
        Sequence { steps: noisy.collect(), label: *label, group: *group }
    }
}

/// Trains a model with these options.
fn learn(way: Way, train: &[Sequence], seed: u64, progress: &Progress) -> Result<Model, Failure> {
    let normalizer = data::normalizer(train)?;
    let samples: Vec<_> = train.iter().map(|sequence| sequence.normalized(&normalizer)).collect();
    let mut network = Network::ZERO;
    init::orthogonal::<Libm<f32>, _>(&mut network, &mut Xoshiro128::from_seed(seed));
    let varied = Varied(&samples, |sample: &_, rng: &mut _| way.varied(sample, rng));
    fit(&mut network, &varied, &[], &Fit { seed, progress: Some(progress), ..way.fit() })?;
    Ok(Model { normalizer, network })
}

/// Classifies the sequences and adds the results to `right`.
fn judge(model: &Model, sequences: &[Sequence], right: &mut Share) -> Result<(), Failure> {
    for sequence in sequences {
        let steps = sequence.normalized(&model.normalizer).steps;
        right.add(model.network.classify(&steps)? == sequence.label);
    }
    Ok(())
}

fn below(n: usize, rng: &mut Xoshiro128) -> usize {
    rng.below(n as u32) as usize
}

fn read(name: &str) -> Result<Vec<Sequence>, Failure> {
    Ok(data::read(&Path::new(DATA).join(name), &Options::default())?.sequences()?)
}
