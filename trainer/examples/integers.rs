//! Accuracy of trained networks in `f32` and in integers, on the same test sequences.
//!
//! JapaneseVowels, BasicMotions and SmartwatchPhysio (`data/README.md`): a GRU of 32 units, five seeds each, trained in
//! `f32` by the plans of the examples `vowels`, `motions` and `personalise`, and put into integers after training, calibrated on
//! the training set. Prints, for each seed, the share of correct answers in `f32`, with a scale per gate and with a scale per
//! unit, and the share of test sequences for which the answers agree.

use elman::int8::{Calibration, PerGate, PerUnit};
use elman::{Adam, Class, Clip, Dense, Gru, Libm, Network, Random, Xoshiro128, Zero, init};
use elman_trainer::data::{self, DataSet, Options};
use elman_trainer::fit::{Fit, Schedule, Varied, fit};
use elman_trainer::trials::{Failure, SEEDS, Share, mean, verdict};
use elman_trainer::{Progress, Trials};
use std::path::Path;
use std::process::ExitCode;

const UNITS: usize = 32;
/// Number of steps of the longest sequence.
const STEPS: usize = 100;
const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../data");

type Sequence<const I: usize, const K: usize> = data::Sequence<[f32; I], Class<K>>;
type Net<const I: usize, const K: usize> = Network<Gru<I, UNITS>, Dense<UNITS, K>>;
/// Training sequences and test sequences.
type Split<const I: usize, const K: usize> = (Vec<Sequence<I, K>>, Vec<Sequence<I, K>>);

/// Training options.
#[derive(Clone, Copy)]
struct Plan {
    epochs: usize,
    batch: usize,
    clip: f64,
    /// Standard deviation of the normal noise added to each normalised input.
    noise: f32,
    /// Number of steps of the shortest window cut from a sequence, if windows are cut.
    shortest: usize,
}

const VOWELS: Plan = Plan { epochs: 60, batch: 16, clip: 0.25, noise: 0.5, shortest: usize::MAX };
const MOTIONS: Plan = Plan { epochs: 60, batch: 8, clip: 1.0, noise: 0.0, shortest: 50 };
const WATCH: Plan = Plan { epochs: 8, batch: 16, clip: 1.0, noise: 0.0, shortest: usize::MAX };

/// Answers of the three networks for all test sequences of a seed.
#[derive(Default)]
struct Answers {
    /// Correct answers in `f32`, with a scale per gate and with a scale per unit.
    right: [Share; 3],
    /// Answers that agree with those in `f32`, with a scale per gate and with a scale per unit.
    same: [Share; 2],
    different: usize,
}

fn main() -> Result<ExitCode, Failure> {
    let vowels = judge("JapaneseVowels", VOWELS, &[pair::<12, 9>("japanese-vowels")?])?;
    let motions = judge("BasicMotions", MOTIONS, &[pair::<6, 4>("basic-motions")?])?;
    let watch = judge("SmartwatchPhysio", WATCH, &people()?)?;
    let close = |name: &str, [f32, gate, unit, ..]: [f64; FIGURES]| {
        let lost = f32 - gate.min(unit);
        (format!("{name}: at most 0.5 points are lost (found {lost:.2})"), lost <= 0.5)
    };
    let agree = |name: &str, [.., gate, unit, _]: [f64; FIGURES]| {
        let least = gate.min(unit);
        (format!("{name}: at least 99 % of the answers agree (found {least:.2} %)"), least >= 99.0)
    };
    let [.., different] = motions;
    let different = different * SEEDS as f64;
    Ok(verdict([
        close("JapaneseVowels", vowels),
        agree("JapaneseVowels", vowels),
        close("SmartwatchPhysio", watch),
        agree("SmartwatchPhysio", watch),
        (format!("BasicMotions: at most one answer of 200 differs (found {different:.0})"), different <= 1.0),
    ]))
}

/// Number of figures printed for a seed.
const FIGURES: usize = 6;

/// Trains with each seed on each split, and returns the mean figures.
fn judge<const I: usize, const K: usize>(
    name: &str,
    plan: Plan,
    splits: &[Split<I, K>],
) -> Result<[f64; FIGURES], Failure> {
    let updates = splits.iter().map(|(train, _)| plan.fit().updates(train.len())).sum();
    let trials = Trials::new([
        ("f32, %", 2),
        ("gate, %", 2),
        ("unit, %", 2),
        ("gate agrees, %", 2),
        ("unit agrees, %", 2),
        ("differ", 0),
    ]);
    let all = trials.run(name, updates, |seed, progress| {
        let mut answers = Answers::default();
        splits.iter().try_for_each(|split| answer(plan, split, seed, progress, &mut answers))?;
        let Answers { right: [exact, gate, unit], same: [gate_same, unit_same], different } = answers;
        let [exact, gate, unit] = [exact, gate, unit].map(|share| share.percent());
        Ok([exact, gate, unit, gate_same.percent(), unit_same.percent(), different as f64])
    })?;
    Ok(mean(&all))
}

/// Trains a network, puts it into integers and counts the answers of all three.
fn answer<const I: usize, const K: usize>(
    plan: Plan,
    (train, test): &Split<I, K>,
    seed: u64,
    progress: &Progress,
    answers: &mut Answers,
) -> Result<(), Failure> {
    let normalizer = data::normalizer(train)?;
    let samples: Vec<_> = train.iter().map(|sequence| sequence.normalized(&normalizer)).collect();
    let network = learn(plan, &samples, seed, progress)?;
    let mut calibration = Calibration::new(&network);
    samples.iter().try_for_each(|sample| calibration.observe(&sample.steps))?;
    let (gate, unit) = (calibration.quantize::<PerGate>()?, calibration.quantize::<PerUnit>()?);
    for sequence in test {
        let steps = sequence.normalized(&normalizer).steps;
        let all = [network.classify(&steps)?, gate.classify(&steps)?, unit.classify(&steps)?];
        let [exact, small @ ..] = all;
        answers.right.iter_mut().zip(all).for_each(|(share, answer)| share.add(answer == sequence.label));
        answers.same.iter_mut().zip(small).for_each(|(share, answer)| share.add(answer == exact));
        answers.different += usize::from(small != [exact; 2]);
    }
    Ok(())
}

impl Plan {
    fn fit<'a>(self) -> Fit<'a, Adam, STEPS> {
        let (clip, schedule) = (Clip::Norm(self.clip), Schedule::Linear);
        Fit { epochs: self.epochs, batch: self.batch, clip, schedule, ..Fit::new(Adam::new(0.01)) }
    }

    /// Returns a sequence with noise, or a random window of it if windows are cut.
    fn varied<const I: usize, const K: usize>(
        self,
        Sequence { steps, label, group }: &Sequence<I, K>,
        rng: &mut Xoshiro128,
    ) -> Sequence<I, K> {
        let shortest = self.shortest.min(steps.len());
        let length = shortest + below(steps.len() - shortest + 1, rng);
        let start = below(steps.len() - length + 1, rng);
        let mut noise = || if self.noise > 0.0 { self.noise * rng.normal::<Libm<f32>>() } else { 0.0 };
        let steps = steps[start..start + length].iter().map(|step| step.map(|x| x + noise())).collect();
        Sequence { steps, label: *label, group: *group }
    }
}

fn learn<const I: usize, const K: usize>(
    plan: Plan,
    samples: &[Sequence<I, K>],
    seed: u64,
    progress: &Progress,
) -> Result<Net<I, K>, Failure> {
    let mut network = Network::ZERO;
    init::orthogonal::<Libm<f32>, _>(&mut network, &mut Xoshiro128::from_seed(seed));
    let varied = Varied(samples, |sample: &_, rng: &mut _| plan.varied(sample, rng));
    fit(&mut network, &varied, &[], &Fit { seed, progress: Some(progress), ..plan.fit() })?;
    Ok(network)
}

fn below(n: usize, rng: &mut Xoshiro128) -> usize {
    rng.below(n as u32) as usize
}

/// Reads a set that comes as a training set and a test set.
fn pair<const I: usize, const K: usize>(folder: &str) -> Result<Split<I, K>, Failure> {
    let read = |file: &str| -> Result<_, Failure> { Ok(set(&format!("{folder}/{file}.rnnd"))?.sequences()?) };
    Ok((read("train")?, read("test")?))
}

/// Number of steps between the starts of two windows of the watch.
const HOP: usize = 50;

/// Leaves each wearer of the watch out in turn.
fn people() -> Result<Vec<Split<6, 7>>, Failure> {
    let set = set("smartwatch-physio/recordings.rnnd")?;
    let windows = |members: &[usize]| -> Result<_, Failure> {
        Ok(set.part(members).sequences()?.iter().flat_map(windows).collect())
    };
    set.leave_one_group_out().iter().map(|split| Ok((windows(&split.train)?, windows(&split.held)?))).collect()
}

/// Cuts a recording into windows of [`STEPS`].
fn windows<const I: usize, const K: usize>(recording: &Sequence<I, K>) -> Vec<Sequence<I, K>> {
    let &Sequence { ref steps, label, group } = recording;
    let windows = steps.windows(STEPS).step_by(HOP);
    windows.map(|steps| Sequence { steps: steps.to_vec(), label, group }).collect()
}

fn set(path: &str) -> Result<DataSet, Failure> {
    Ok(data::read(&Path::new(DATA).join(path), &Options::default())?)
}
