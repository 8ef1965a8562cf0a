//! Character model that was trained on English on the host, and learns German on the device in 16 KB.

use core::array;
use core::fmt;
use elman::error::TrainError;
use elman::metrics::LogLikelihood;
use elman::optim::{InPlaceSgd, Optimizer};
use elman::{Adam, Clip, Config, CrossEntropy, Dense, Each, Fast, Frozen, Gru, Libm, Network};
use elman::{Layer, Reads};
use elman::{Reduction, Token, Trainer, Workspace, Xoshiro128, Zero, init};

/// Number of letters: a to z, the space and the full stop. A line break counts as a space.
pub const LETTERS: usize = 28;
/// Number of hidden units.
pub const UNITS: usize = 12;
/// Number of steps of the backward pass on the device.
const WINDOW: usize = 6;
/// Number of steps of the backward pass on the host.
const HOST_WINDOW: usize = 32;

/// Single character.
pub type Letter = Token<LETTERS>;
/// Recurrent layer of the model.
pub type Gates = Gru<LETTERS, UNITS, Fast, 1>;
/// Character model with the recurrent layer `C`.
pub type NetOf<C> = Network<C, Dense<UNITS, LETTERS>>;
/// Network of the model.
pub type Net = NetOf<Gates>;
/// Model with its recurrent layer in flash.
pub type Reader<'w> = NetOf<Frozen<'w, Gates>>;
/// Memory to train all weights on the device: they change in place, without memory for a gradient.
pub type Work = Workspace<Net, InPlaceSgd, WINDOW, WINDOW>;
/// Memory to train only the read-out, which needs only the last step.
pub type ReaderWork<'w> = Workspace<Reader<'w>, InPlaceSgd, 1>;
/// Trainer of all weights on the device.
pub type Learn<'a> = Trainer<'a, Work>;

/// English texts: one for training on the host, one for testing the model.
pub const ENGLISH: [&str; 2] =
    [include_str!("../../data/letters/english.txt"), include_str!("../../data/letters/english-held.txt")];
/// German texts: one for training on the device, one for testing the model.
pub const GERMAN: [&str; 2] =
    [include_str!("../../data/letters/german.txt"), include_str!("../../data/letters/german-held.txt")];

/// Training plan: number of passes over a text, and learning rate.
struct Plan {
    epochs: usize,
    /// Learning rate of the first update; it falls to 0.
    rate: f32,
}

const HOST: Plan = Plan { epochs: 8, rate: 0.01 };
const READOUT: Plan = Plan { epochs: 4, rate: 0.2 };
const ALL: Plan = Plan { epochs: 4, rate: 0.1 };

/// Trains the model on English. The result is the model in the device's flash.
///
/// # Errors
/// Returns the trainer's error.
pub fn read_english(network: &mut Net) -> Result<(), TrainError> {
    init::orthogonal::<Libm<f32>, _>(network, &mut Xoshiro128::from_seed(0));
    let mut work = Workspace::<Net, Adam, HOST_WINDOW, HOST_WINDOW>::ZERO;
    let config = |rate| Config { clip: Clip::Norm(1.0), steps: Reduction::Mean, ..Config::new(Adam::new(rate)) };
    read(network, &mut work, (ENGLISH[0], HOST), config)
}

/// Models that the device adapts, with the memory to do so.
pub struct Pupil<'w> {
    reader: Option<Reader<'w>>,
    reader_work: ReaderWork<'w>,
    /// Model in which all weights are adapted.
    pub network: Net,
    work: Work,
}

impl<'w> Pupil<'w> {
    /// Models and memory of all zeros, for a `static` that takes no flash.
    pub const ZERO: Self =
        Self { reader: None, reader_work: ReaderWork::ZERO, network: <Net as Zero>::ZERO, work: Work::ZERO };

    /// Trains on German: first only the read-out of `model`, then all its weights, starting from `model` each time.
    /// Passes the perplexities before and after to `knows`.
    ///
    /// # Errors
    /// Returns the trainer's error.
    pub fn read_german(&mut self, model: &'w Net, mut knows: impl FnMut(&str, Knowledge)) -> Result<(), TrainError> {
        knows("before", Knowledge::of(model)?);
        let reader = self.reader.insert(Network { cell: Frozen(&model.cell), readout: Zero::ZERO });
        copy_readout(&model.readout, &mut reader.readout);
        let config = |rate| Config::new(InPlaceSgd { rate });
        read(reader, &mut self.reader_work, (GERMAN[0], READOUT), config)?;
        knows("read-out adapted", Knowledge::of(reader)?);
        copy(model, &mut self.network);
        read(&mut self.network, &mut self.work, (GERMAN[0], ALL), config)?;
        knows("all weights adapted", Knowledge::of(&self.network)?);
        Ok(())
    }
}

/// Copies weights to the memory where they are adapted; a clone would be on the stack first.
fn copy(from: &Net, to: &mut Net) {
    let (from_cell, to_cell) = (&from.cell.affine, &mut to.cell.affine);
    to_cell.w_ih.copy_from_slice(&from_cell.w_ih);
    to_cell.w_hh.copy_from_slice(&from_cell.w_hh);
    to_cell.b.copy_from_slice(&from_cell.b);
    copy_readout(&from.readout, &mut to.readout);
}

fn copy_readout(from: &Dense<UNITS, LETTERS>, to: &mut Dense<UNITS, LETTERS>) {
    to.w.copy_from_slice(&from.w);
    to.b.copy_from_slice(&from.b);
}

/// Quality of the predictions on unseen texts.
pub struct Knowledge {
    /// Perplexity in the language learned on the device.
    pub german: Perplexity,
    /// Perplexity in the language learned on the host.
    pub english: Perplexity,
}

impl Knowledge {
    fn of<C: Layer<Letter, Scalar = f32, Output = [f32; UNITS]> + Reads<Letter>>(
        network: &NetOf<C>,
    ) -> Result<Self, TrainError> {
        Ok(Self { german: judge(network, GERMAN[1])?, english: judge(network, ENGLISH[1])? })
    }
}

/// Perplexity per letter: the number of equally likely letters with the same uncertainty. A blind guess has 28; a
/// larger value is worse.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Perplexity(pub f32);

impl fmt::Display for Perplexity {
    /// Formats hundredths as integers, because formatting a float takes more stack than training.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hundredths = (self.0 * 100.0 + 0.5) as u32;
        write!(f, "{}.{:02}", hundredths / 100, hundredths % 100)
    }
}

/// Trains on a text according to a plan, in windows of `T` letters; the state is carried from window to window.
fn read<C: Layer<Letter, Scalar = f32, Output = [f32; UNITS]>, O: Optimizer<Scalar = f32>, const T: usize>(
    network: &mut NetOf<C>,
    work: &mut Workspace<NetOf<C>, O, T, T>,
    (text, plan): (&str, Plan),
    config: impl Fn(f32) -> Config<O>,
) -> Result<(), TrainError> {
    let updates = plan.epochs * windows::<T>(text).count();
    let mut update = 0;
    for _ in 0..plan.epochs {
        let mut state = C::State::ZERO;
        for [letters, next] in windows::<T>(text) {
            let config = config(plan.rate * (1.0 - update as f32 / updates as f32));
            // The configuration is valid, so this error cannot occur.
            let Ok(mut trainer) = Trainer::new(network, work, config) else {
                return Err(TrainError::NothingAccumulated);
            };
            trainer.update_from(&mut state, &letters, Each(&next))?;
            update += 1;
        }
    }
    Ok(())
}

/// Returns the perplexity of a text.
fn judge<C: Layer<Letter, Scalar = f32, Output = [f32; UNITS]> + Reads<Letter>>(
    network: &NetOf<C>,
    text: &str,
) -> Result<Perplexity, TrainError> {
    let (mut state, mut likelihood) = (C::State::ZERO, LogLikelihood::ZERO);
    for [letters, next] in windows::<1>(text) {
        likelihood.add(network.evaluate_from(&mut state, &CrossEntropy, &letters, Each(&next))?, 1);
    }
    Ok(Perplexity(likelihood.perplexity::<Libm<f32>>().unwrap_or(f32::NAN)))
}

/// Splits a text into windows of `T` letters, each with the window one letter later as its targets. A shorter
/// remainder is dropped.
fn windows<const T: usize>(text: &str) -> impl Iterator<Item = [[Letter; T]; 2]> {
    text.as_bytes()
        .windows(T + 1)
        .step_by(T)
        .map(|window| [0, 1].map(|start| array::from_fn(|i| letter(window[start + i]))))
}

fn letter(byte: u8) -> Letter {
    let index = match byte {
        b'a'..=b'z' => usize::from(byte - b'a'),
        b'.' => 27,
        _ => 26,
    };
    Letter::new(index).unwrap_or_default()
}
