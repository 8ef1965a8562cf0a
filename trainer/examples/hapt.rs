//! Activity of a phone's wearer: walking, upstairs, downstairs, sitting, standing or lying, by a network of 564 bytes, and by one
//! of 280.
//!
//! HAPT of the UCI archive (`docs/hapt.md` tells how to get it): acceleration of the waist along three axes at 50 Hz, in windows of 128
//! steps, 30 subjects. A GRU learns from subjects 1 to 21, then again with weights of 8 bits, and is put into integers; both are asked
//! for the windows of 22 to 30. Prints the macro F1 of each seed. `hapt FILE choose` prints the cross-validation among subjects 1 to 21
//! by which the way to train was chosen, and `hapt FILE write MODEL` writes the network of seed 0; neither reads the others.

use elman::int8::{self, Calibration, PerGate};
use elman::loss::{SmoothedCrossEntropy, SoftCrossEntropy};
use elman::math::Fast;
use elman::metrics::Confusion;
use elman::optim::{Optimizer, Rounded};
use elman::{Adam, Class, Clip, Dense, Gru, Network, Normalizer, Workspace, Xoshiro128, Zero, init};
use elman_trainer::data::{self, Options};
use elman_trainer::fit::{Augmented, Average, Fit, Schedule, fit};
use elman_trainer::seeds::in_parallel;
use elman_trainer::trials::{Column, Failure, SEEDS, deviation, mean, verdict};
use elman_trainer::{Progress, ToOne, Trials, augment};
use std::{env, fmt::Debug, fs, path::Path, process::ExitCode};
use zerocopy::{FromZeros, IntoBytes};

const CLASSES: usize = 6;
const STEPS: usize = 128;
/// Units of the two networks.
const LARGE: usize = 10;
const SMALL: usize = 6;
/// Networks of `f32` that the others learn from, and their units.
const TEACHERS: usize = 3;
const TEACHER: usize = 16;
/// Number of parts of the training subjects, each of which is held out in turn.
const FOLDS: usize = 5;

type Net<const H: usize> = Network<Gru<3, H, Fast>, Dense<H, CLASSES>>;
type Integers<const H: usize> = Network<int8::Gru<3, H>, int8::Dense<H, CLASSES>>;
type Sequence = data::Sequence<[f32; 3], Class<CLASSES>>;

/// A window, and the part of each class in its target.
type Taught = ToOne<[f32; 3], [f32; CLASSES]>;

/// Training options.
#[derive(Clone, Copy, Debug)]
struct Way {
    /// Epochs of the teachers, of a network that learns from them, and of the same with weights of 8 bits.
    epochs: [usize; 3],
    /// Highest rate of each.
    rates: [f32; 3],
    /// Spread of the rotation in radians.
    rotation: f64,
    /// Smoothing of the labels that teachers learn.
    smoothing: f32,
    /// Part of the teachers' answers in the targets of the others.
    taught: f32,
}

const CHOSEN: Way =
    Way { epochs: [40, 40, 10], rates: [0.01, 0.01, 0.003], rotation: 0.05, smoothing: 0.05, taught: 0.7 };

const CANDIDATES: [Way; 4] =
    [CHOSEN, Way { rotation: 0.0, ..CHOSEN }, Way { rotation: 0.15, ..CHOSEN }, Way { taught: 0.0, ..CHOSEN }];

fn main() -> Result<ExitCode, Failure> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [path] => judge_seeds(path.as_ref()),
        [path, "choose"] => choose(path.as_ref()),
        [path, "write", model] => write(path.as_ref(), model.as_ref()),
        _ => Err("usage: hapt FILE [choose | write MODEL], where FILE is what docs/hapt.md makes".into()),
    }
}

/// Figures of a seed: macro F1 of the network of `f32` and of the one in integers, and how often they agree, in percent.
type Figures = [f64; 3];
const COLUMNS: [Column; 3] = [("F1, f32", 4), ("F1, int8", 4), ("agree, %", 2)];

fn judge_seeds(path: &Path) -> Result<ExitCode, Failure> {
    let [train, test] = [read(path, "train")?, read(path, "test")?].map(without_subjects);
    println!("What does the wearer do? Learned from {} windows, asked for {} of others.", train.len(), test.len());
    let school = School::new(CHOSEN, &train, 0)?;
    let trials = Trials::new(COLUMNS);
    let large = school.judge_seeds::<LARGE>(&trials, &test)?;
    let small = school.judge_seeds::<SMALL>(&trials, &test)?;
    Ok(verdict([promise::<LARGE>(0.945, &large), promise::<SMALL>(0.92, &small)]))
}

fn name<const H: usize>() -> String {
    format!("GRU({H}), {} bytes", size_of::<Integers<H>>())
}

fn promise<const H: usize>(bar: f64, all: &[Figures]) -> (String, bool) {
    (format!("{}, int8: a macro F1 of at least {bar} on average", name::<H>()), mean(all)[1] >= bar)
}

/// Cross-validation: each fifth of the training subjects is asked for by networks that learned from the others.
fn choose(path: &Path) -> Result<ExitCode, Failure> {
    let train = read(path, "train")?;
    for way in CANDIDATES {
        println!("{way:?}");
        let mut means = Vec::new();
        for fold in 0..FOLDS {
            let held = |subject: usize| (subject - 1) * FOLDS / SUBJECTS == fold;
            let (held, others): (Vec<_>, Vec<_>) = train.iter().cloned().partition(|(subject, _)| held(*subject));
            let [held, others] = [held, others].map(without_subjects);
            let school = School::new(way, &others, 100)?;
            means.push(mean(&school.judge_seeds::<LARGE>(&Trials::new(COLUMNS), &held)?));
        }
        Trials::new(COLUMNS).baseline("mean of all folds", mean(&means));
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes the network of seed 0 for `firmware-example`: the mean of each axis in thousandths of g, the units of the network's
/// input that are one thousandth of g, times 256, and the network.
fn write(path: &Path, model: &Path) -> Result<ExitCode, Failure> {
    let train = without_subjects(read(path, "train")?);
    let school = School::new(CHOSEN, &train, 0)?;
    let (_, integers) = school.pair::<LARGE>(0, &Progress::new(0))?;
    let (units, Normalizer { mean, scale }) = (integers.cell.affine.resolution.get(), school.normalizer);
    let numbers = mean.map(|mean| 1000.0 * mean).into_iter().chain(scale.map(|scale| scale * units * 0.256));
    let numbers = numbers.flat_map(|number| (number.round() as i16).to_le_bytes());
    fs::write(model, numbers.chain(integers.as_bytes().iter().copied()).collect::<Vec<_>>())?;
    Ok(ExitCode::SUCCESS)
}

/// Number of training subjects, who are subjects 1 to 21.
const SUBJECTS: usize = 21;

impl Way {
    fn fit<'a, O: Optimizer<Scalar = f32>, L>(self, epochs: usize, optimizer: O, loss: L) -> Fit<'a, O, STEPS, 1, L> {
        Fit {
            epochs,
            batch: 64,
            clip: Clip::Norm(1.0),
            schedule: Schedule::one_cycle(0.1),
            average: Some(Average::Exponential { decay: 0.99 }),
            ..Fit::with_loss(optimizer, loss)
        }
    }
}

/// Training data of all networks.
struct School<'a> {
    way: Way,
    train: &'a [Sequence],
    /// The same windows with what teachers answer in their targets.
    taught: Vec<Taught>,
    normalizer: Normalizer<3>,
    /// Seed of the first network.
    first: u64,
}

impl<'a> School<'a> {
    /// Trains the teachers and asks them.
    fn new(way: Way, train: &'a [Sequence], first: u64) -> Result<Self, Failure> {
        let mut school = Self { way, train, taught: Vec::new(), normalizer: data::normalizer(train)?, first };
        let seeds: [u64; TEACHERS] = std::array::from_fn(|teacher| 1000 + first + teacher as u64);
        let progress = Progress::new(TEACHERS * school.updates(way.epochs[0]));
        let teachers = in_parallel(&seeds, |seed| school.teacher(seed, &progress));
        progress.clear();
        school.taught = school.answers(&teachers.into_iter().collect::<Result<Vec<_>, _>>()?)?;
        Ok(school)
    }

    /// Changes a window in g and normalises it.
    fn vary(&self, steps: &mut [[f32; 3]], rng: &mut Xoshiro128) {
        augment::rotate(steps, self.way.rotation, rng);
        steps.iter_mut().for_each(|step| *step = self.normalizer.apply(step));
    }

    fn normalized(&self, windows: &[Sequence]) -> Vec<Sequence> {
        windows.iter().map(|window| window.normalized(&self.normalizer)).collect()
    }

    fn updates(&self, epochs: usize) -> usize {
        self.way.fit(epochs, Adam::new(1.0), ()).updates(self.train.len())
    }

    /// A network that learns from the labels.
    fn teacher(&self, seed: u64, progress: &Progress) -> Result<Net<TEACHER>, Failure> {
        let mut network = drawn(seed);
        let loss = SmoothedCrossEntropy::new(self.way.smoothing);
        let how = self.way.fit(self.way.epochs[0], Adam::new(self.way.rates[0]), loss);
        let varied = Augmented(self.train, |steps: &mut [[f32; 3]], rng: &mut Xoshiro128| self.vary(steps, rng));
        fit(&mut network, &varied, &[], &Fit { seed, progress: Some(progress), ..how })?;
        Ok(network)
    }

    /// The windows with targets of which a part is what the teachers answer on average.
    fn answers(&self, teachers: &[Net<TEACHER>]) -> Result<Vec<Taught>, Failure> {
        let taught = |(window, normalized): (&Sequence, Sequence)| {
            let mut target = [0.0; CLASSES];
            target[window.label.index()] = 1.0 - self.way.taught;
            for teacher in teachers {
                let answer = teacher.probabilities(&normalized.steps)?;
                target.iter_mut().zip(answer).for_each(|(target, p)| *target += self.way.taught / TEACHERS as f32 * p);
            }
            Ok(Taught { inputs: window.steps.clone(), target })
        };
        self.train.iter().zip(self.normalized(self.train)).map(taught).collect()
    }

    /// Trains a network for these epochs from what the teachers answer.
    fn learn<O: Optimizer<Scalar = f32> + Debug, const H: usize>(
        &self,
        network: &mut Net<H>,
        (epochs, optimizer): (usize, O),
        (seed, progress): (u64, &Progress),
    ) -> Result<(), Failure>
    where
        Workspace<Net<H>, O, STEPS>: FromZeros,
    {
        let how = self.way.fit(epochs, optimizer, SoftCrossEntropy);
        let varied = Augmented(&self.taught, |steps: &mut [[f32; 3]], rng: &mut Xoshiro128| self.vary(steps, rng));
        fit(network, &varied, &[], &Fit { seed, progress: Some(progress), ..how })?;
        Ok(())
    }

    /// The network in integers; the largest input is that of the windows learned from.
    fn integers<const H: usize>(&self, network: &Net<H>) -> Result<Integers<H>, Failure> {
        let mut calibration = Calibration::new(network);
        self.normalized(self.train).iter().try_for_each(|window| calibration.observe(&window.steps))?;
        Ok(calibration.quantize()?)
    }

    /// A network of `f32`, and the one that goes on from there with weights of 8 bits.
    fn pair<const H: usize>(&self, seed: u64, progress: &Progress) -> Result<(Net<H>, Integers<H>), Failure> {
        let ([_, epochs, rounded], [_, rate, lower]) = (self.way.epochs, self.way.rates.map(Adam::new));
        let mut exact = drawn(seed);
        self.learn(&mut exact, (epochs, rate), (seed, progress))?;
        let mut network = exact.clone();
        self.learn(&mut network, (rounded, Rounded::<_, PerGate>::new(lower)), (seed, progress))?;
        let integers = self.integers(&network)?;
        Ok((exact, integers))
    }

    /// Trains both networks of `H` units with each seed and asks them for these windows.
    fn judge_seeds<const H: usize>(
        &self,
        trials: &Trials<3>,
        windows: &[Sequence],
    ) -> Result<[Figures; SEEDS], Failure> {
        let windows = self.normalized(windows);
        let [_, epochs, rounded] = self.way.epochs;
        let all = trials.run(&name::<H>(), self.updates(epochs + rounded), |seed, progress| {
            let (exact, integers) = self.pair::<H>(self.first + seed, progress)?;
            judge(&exact, &integers, &windows)
        })?;
        trials.baseline("standard deviation", deviation(&all));
        Ok(all)
    }
}

fn drawn<const H: usize>(seed: u64) -> Net<H> {
    let mut network = Net::ZERO;
    init::orthogonal::<Fast, _>(&mut network, &mut Xoshiro128::from_seed(seed));
    network
}

/// Figures of both networks on these windows.
fn judge<const H: usize>(exact: &Net<H>, integers: &Integers<H>, windows: &[Sequence]) -> Result<Figures, Failure> {
    let (mut confusions, mut agreed) = ([Confusion::new(); 2], 0);
    for window in windows {
        let answers = [exact.classify(&window.steps)?, integers.classify(&window.steps)?];
        confusions.iter_mut().zip(answers).for_each(|(confusion, answer)| confusion.add(window.label, answer));
        agreed += usize::from(answers[0] == answers[1]);
    }
    let [exact, integers] = confusions.each_ref().map(macro_f1);
    Ok([exact, integers, 100.0 * agreed as f64 / windows.len() as f64])
}

/// Returns the mean over the classes of 2 · right / (windows of the class + answers with the class).
fn macro_f1(confusion: &Confusion<CLASSES>) -> f64 {
    let counts = confusion.counts();
    let f1 = |class: usize| {
        let (there, said): (u32, u32) = (counts[class].iter().sum(), counts.iter().map(|row| row[class]).sum());
        2.0 * f64::from(counts[class][class]) / f64::from(there + said).max(1.0)
    };
    (0..CLASSES).map(f1).sum::<f64>() / CLASSES as f64
}

/// Reads the windows, each with the number of its subject.
fn read(path: &Path, part: &str) -> Result<Vec<(usize, Sequence)>, Failure> {
    let options = Options {
        values: Some(vec![format!("X_{part}")]),
        label: Some(format!("y_{part}")),
        group: Some(format!("s_{part}")),
        ..Options::default()
    };
    let data = data::read(path, &options)?;
    let numbered = |window: Sequence| Ok((data.groups[window.group].parse()?, window));
    data.sequences()?.into_iter().map(numbered).collect()
}

fn without_subjects(windows: Vec<(usize, Sequence)>) -> Vec<Sequence> {
    windows.into_iter().map(|(_, window)| window).collect()
}
