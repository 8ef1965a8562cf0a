//! Demo for the host and the device, with the same output on both.

use crate::{CHANNELS, Checksum, Model, Net, Plan, Refused, SPEAKERS, Set, Training, Work, evaluate};
use core::fmt;
use elman::{Class, Normalizer, Parameters, SequenceError};

/// Reason why the demo stopped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DemoError {
    /// An utterance could not be classified.
    Sequence(SequenceError),
    /// Training was refused.
    Training(Refused),
}

impl fmt::Display for DemoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sequence(error) => error.fmt(f),
            Self::Training(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for DemoError {}

/// Classifies the test utterances with the model trained on the host, trains a new network here, and classifies
/// them again with the new one.
///
/// # Errors
/// [`DemoError`] if an utterance cannot be classified or training is refused.
pub fn demo(
    (model, learner, work): (Model<'_>, &mut Net, &mut Work),
    (train, test): (Set<'_>, Set<'_>),
    mut say: impl FnMut(fmt::Arguments<'_>),
) -> Result<(), DemoError> {
    let plan = Plan::DEVICE;
    say(format_args!("the network trained on the host classifies the {} test utterances", test.count()));
    classify((model.network, model.normalizer), test, &mut say)?;
    say(format_args!("a new network trains here by BPTT, {} utterances per update", plan.batch));
    learn((learner, work), (plan, train, *model.normalizer), &mut say)?;
    say(format_args!("the network trained here classifies the test utterances"));
    classify((learner, model.normalizer), test, &mut say)
}

/// Classifies every utterance of `set` and prints the speakers recognised, one digit per utterance, and the
/// number of correct answers.
///
/// # Errors
/// [`DemoError::Sequence`] if an utterance cannot be classified.
fn classify(
    (network, normalizer): (&Net, &Normalizer<CHANNELS>),
    set: Set<'_>,
    mut say: impl FnMut(fmt::Arguments<'_>),
) -> Result<(), DemoError> {
    let mut line = Line::EMPTY;
    let confusion = evaluate((network, normalizer), set, |answer| {
        if line.push(answer) {
            say(format_args!("heard  {line}"));
            line = Line::EMPTY;
        }
    });
    if line.length > 0 {
        say(format_args!("heard  {line}"));
    }
    say(format_args!("{}", confusion.map_err(DemoError::Sequence)?));
    Ok(())
}

/// Trains a new network according to `plan` and prints the mean loss of each epoch, and the checksums of all
/// losses and weights.
///
/// # Errors
/// [`DemoError::Training`] if training is refused.
fn learn(
    (network, work): (&mut Net, &mut Work),
    (plan, set, normalizer): (Plan, Set<'_>, Normalizer<CHANNELS>),
    mut say: impl FnMut(fmt::Arguments<'_>),
) -> Result<(), DemoError> {
    let mut training = Training::start(plan, set, normalizer, network);
    let (mut losses, mut epoch, mut update) = (Checksum::new(), 0.0, 0);
    let each = training.updates() / plan.epochs;
    while let Some(loss) = training.next(network, work) {
        let loss = loss.map_err(DemoError::Training)?;
        losses.add(&[loss]);
        epoch += loss;
        update += 1;
        if update % each == 0 {
            say(format_args!("update {update:>4}: mean loss {:.4}", epoch / each as f32));
            epoch = 0.0;
        }
    }
    let weights = Checksum::of(network);
    say(format_args!("losses of {update} updates: CRC-64 {losses}"));
    say(format_args!("{} trained weights: CRC-64 {weights}", Net::COUNT));
    Ok(())
}

/// Number of answers in a line.
const WIDTH: usize = 74;

/// Line of answers, one digit each.
struct Line {
    digits: [u8; WIDTH],
    length: usize,
}

impl Line {
    const EMPTY: Self = Self { digits: [0; WIDTH], length: 0 };

    /// Adds an answer and returns `true` if the line is full.
    fn push(&mut self, answer: Class<SPEAKERS>) -> bool {
        if let Some(digit) = self.digits.get_mut(self.length) {
            *digit = answer.index() as u8;
            self.length += 1;
        }
        self.length == WIDTH
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.digits.iter().take(self.length).try_for_each(|digit| write!(f, "{digit}"))
    }
}
