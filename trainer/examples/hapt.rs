//! What the wearer of a phone does: walking, upstairs, downstairs, sitting, standing or lying, by a network of 450 weights.
//!
//! HAPT of the UCI archive (`docs/hapt.md` tells how to get it): acceleration of the waist along three axes at 50 Hz, in windows of 128
//! steps, 30 subjects. A GRU of 10 units learns from subjects 1 to 21 and is asked for the windows of 22 to 30. Prints the macro F1 of
//! each seed. `hapt FILE choose` prints the cross-validation among subjects 1 to 21 by which the way to train was chosen; it does not
//! read the others.

use elman::loss::SmoothedCrossEntropy;
use elman::metrics::Confusion;
use elman::{Adam, Class, Clip, Dense, Gru, Libm, Network, Xoshiro128, Zero, init};
use elman_trainer::data::{self, Options};
use elman_trainer::fit::{Augmented, Average, Fit, Schedule, fit};
use elman_trainer::trials::{Failure, deviation, mean, verdict};
use elman_trainer::{Progress, Trials, augment};
use std::{env, path::Path, process::ExitCode};

const CLASSES: usize = 6;
const STEPS: usize = 128;
const UNITS: usize = 10;
/// Parts of the training subjects, each held back in turn.
const FOLDS: usize = 5;

type Net = Network<Gru<3, UNITS>, Dense<UNITS, CLASSES>>;
type Sequence = data::Sequence<[f32; 3], Class<CLASSES>>;
type How<'a> = Fit<'a, Adam, STEPS, 1, SmoothedCrossEntropy<CLASSES>>;

/// Training options.
#[derive(Clone, Copy, Debug)]
struct Way {
    epochs: usize,
    rate: f32,
    /// Spread of the rotation in radians, of the factor, and of the noise in g.
    rotation: f64,
    factor: f64,
    noise: f64,
    smoothing: f32,
}

const CHOSEN: Way = Way { epochs: 20, rate: 0.01, rotation: 0.0, factor: 0.0, noise: 0.0, smoothing: 0.05 };

const CANDIDATES: [Way; 8] = [
    CHOSEN,
    Way { epochs: 40, ..CHOSEN },
    Way { rate: 0.02, ..CHOSEN },
    Way { smoothing: 0.0, ..CHOSEN },
    Way { smoothing: 0.15, ..CHOSEN },
    Way { rotation: 0.05, ..CHOSEN },
    Way { noise: 0.01, ..CHOSEN },
    Way { rotation: 0.15, factor: 0.05, noise: 0.01, ..CHOSEN },
];

fn main() -> Result<ExitCode, Failure> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [path] => judge_seeds(path.as_ref()),
        [path, "choose"] => choose(path.as_ref()),
        _ => Err("usage: hapt FILE [choose], where FILE is what docs/hapt.md makes".into()),
    }
}

fn judge_seeds(path: &Path) -> Result<ExitCode, Failure> {
    let [train, test] = [read(path, "train")?, read(path, "test")?].map(without_subjects);
    println!("What does the wearer do? Learned from {} windows, asked for {} of others.", train.len(), test.len());
    let trials = Trials::new([("macro F1", 4), ("right, %", 2)]);
    let gru = trials.run("GRU", CHOSEN.fit().updates(train.len()), |seed, progress| {
        let confusion = judge(&learn(CHOSEN, &train, seed, progress)?, &test)?;
        Ok([macro_f1(&confusion), 100.0 * f64::from(confusion.accuracy().unwrap_or(f32::NAN))])
    })?;
    trials.baseline("standard deviation", deviation(&gru));
    Ok(verdict([("GRU: a macro F1 of at least 0.945 on average".into(), mean(&gru)[0] >= 0.945)]))
}

/// Cross-validation: each seed learns without a fifth of the training subjects and is asked for these.
fn choose(path: &Path) -> Result<ExitCode, Failure> {
    let train = read(path, "train")?;
    let trials = Trials::new([("macro F1", 4)]);
    for way in CANDIDATES {
        println!("{way:?}");
        let all = trials.run("GRU", FOLDS * way.fit().updates(train.len()), |seed, progress| {
            let held = |subject: usize| (subject - 1) * FOLDS / SUBJECTS == seed as usize % FOLDS;
            let (held, others): (Vec<_>, Vec<_>) = train.iter().cloned().partition(|(subject, _)| held(*subject));
            let [held, others] = [held, others].map(without_subjects);
            Ok([macro_f1(&judge(&learn(way, &others, 100 + seed, progress)?, &held)?)])
        })?;
        trials.baseline("standard deviation", deviation(&all));
    }
    Ok(ExitCode::SUCCESS)
}

/// Subjects to learn from: 1 to 21.
const SUBJECTS: usize = 21;

/// A network that reads acceleration in g, normalised.
struct Model {
    normalizer: elman::Normalizer<3>,
    network: Net,
}

impl Way {
    fn fit<'a>(self) -> How<'a> {
        Fit {
            epochs: self.epochs,
            batch: 64,
            clip: Clip::Norm(1.0),
            schedule: Schedule::one_cycle(0.1),
            average: Some(Average::Exponential { decay: 0.99 }),
            ..Fit::with_loss(Adam::new(self.rate), SmoothedCrossEntropy::new(self.smoothing))
        }
    }
}

/// Trains a model with these options.
fn learn(way: Way, train: &[Sequence], seed: u64, progress: &Progress) -> Result<Model, Failure> {
    let normalizer = data::normalizer(train)?;
    let augmented = Augmented(train, |steps: &mut [[f32; 3]], rng: &mut Xoshiro128| {
        augment::rotate(steps, way.rotation, rng);
        augment::scale(steps, way.factor, rng);
        augment::noise(steps, way.noise, rng);
        steps.iter_mut().for_each(|step| *step = normalizer.apply(step));
    });
    let mut network = Net::ZERO;
    init::orthogonal::<Libm<f32>, _>(&mut network, &mut Xoshiro128::from_seed(seed));
    fit(&mut network, &augmented, &[], &Fit { seed, progress: Some(progress), ..way.fit() })?;
    Ok(Model { normalizer, network })
}

/// Counts the answers for these windows.
fn judge(model: &Model, windows: &[Sequence]) -> Result<Confusion<CLASSES>, Failure> {
    let mut confusion = Confusion::new();
    for window in windows {
        let steps = window.normalized(&model.normalizer).steps;
        confusion.add(window.label, model.network.classify(&steps)?);
    }
    Ok(confusion)
}

/// The mean over the classes of 2 · right / (windows of the class + answers with the class).
fn macro_f1(confusion: &Confusion<CLASSES>) -> f64 {
    let counts = confusion.counts();
    let f1 = |class: usize| {
        let (there, said): (u32, u32) = (counts[class].iter().sum(), counts.iter().map(|row| row[class]).sum());
        2.0 * f64::from(counts[class][class]) / f64::from(there + said).max(1.0)
    };
    (0..CLASSES).map(f1).sum::<f64>() / CLASSES as f64
}

/// Windows with the numbers of their subjects.
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
