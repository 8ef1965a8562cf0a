//! Embedded Reber grammar, learned from scratch in 16 KB, with the same results on the host and on the micro:bit.

use elman::error::TrainError;
use elman::optim::RmsProp;
use elman::{Class, Clip, Config, Dense, Each, Fast, Gru, Libm, Network, Trainer, Workspace, Xoshiro128, init};
use tasks::Reber;

/// Number of hidden units.
pub const UNITS: usize = 12;
/// Number of training strings, one per update.
pub const STRINGS: usize = 2000;
/// Number of test strings, whose symbols are predicted.
pub const QUESTIONS: usize = 1000;
/// Number of steps in a segment, and number of segments.
const SEGMENT: usize = 7;
/// Learning rate of the first update; it falls to 0.
const RATE: f32 = 0.05;

/// Network that learns the grammar.
pub type Net = Network<Gru<7, UNITS, Fast, 1>, Dense<UNITS, 7>>;
/// Memory to train the network: a checkpointed tape, and only the moments of the squared gradient.
pub type Work = Workspace<Net, RmsProp, SEGMENT, SEGMENT, SEGMENT>;
/// Trainer of the network.
pub type Learn<'a> = Trainer<'a, Work>;

const _: () = assert!(SEGMENT * SEGMENT >= Reber::STEPS, "the tape holds the longest string");
const _: () = assert!(Learn::BYTES <= 12 * 1024, "training leaves room for a stack in 16 KB");

/// Draws initial weights, then trains on [`STRINGS`] strings.
///
/// `network` and `work` must be all zeros.
///
/// # Errors
/// Returns the trainer's error.
pub fn learn(network: &mut Net, work: &mut Work, rng: &mut Xoshiro128) -> Result<(), TrainError> {
    init::orthogonal::<Libm<f32>, _>(network, rng);
    for update in 0..STRINGS {
        let rate = RATE * (1.0 - update as f32 / STRINGS as f32);
        let config = Config { clip: Clip::Norm(1.0), ..Config::new(RmsProp::new(rate)) };
        // The configuration is valid, so this error cannot occur.
        let Ok(mut trainer) = Trainer::new(network, work, config) else { return Err(TrainError::NothingAccumulated) };
        let string = draw(rng);
        trainer.update(string.inputs(), Each(string.targets()))?;
    }
    Ok(())
}

/// Share of correct answers, as two counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Number of correct answers.
    pub right: usize,
    /// Number of all answers.
    pub all: usize,
}

impl Share {
    fn add(&mut self, right: bool) {
        self.right += usize::from(right);
        self.all += 1;
    }
}

/// Results of a network on unseen strings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Result on the symbol that must be remembered from the second step to the last but one: half are correct by
    /// chance.
    pub long_range: Share,
    /// Result on the long-range symbol in strings of at least 20 steps.
    pub longest: Share,
    /// Result on all predictions, each correct if the grammar allows it: 95 % even without memory of the second
    /// symbol.
    pub allowed: Share,
}

impl Score {
    /// Returns `true` if the network remembers at least 95 % of the long-range symbols.
    #[must_use]
    pub const fn passes(&self) -> bool {
        100 * self.long_range.right >= 95 * self.long_range.all
    }
}

/// Predicts every symbol of [`QUESTIONS`] strings and returns the results.
///
/// # Errors
/// Returns an error if the network's outputs are not finite.
pub fn examine(network: &Net, rng: &mut Xoshiro128) -> Result<Score, TrainError> {
    let mut score = Score::default();
    let mut told = [Class::default(); Reber::STEPS];
    for _ in 0..QUESTIONS {
        let string = draw(rng);
        let steps = network.label(string.inputs(), &mut told)?;
        let right = string.targets().get(string.recall()) == told.get(string.recall());
        score.long_range.add(right);
        if steps >= 20 {
            score.longest.add(right);
        }
        told.iter().take(steps).enumerate().for_each(|(step, &told)| score.allowed.add(string.allows(step, told)));
    }
    Ok(score)
}

/// Draws a string that fits the tape, as all but six in a million strings do.
fn draw(rng: &mut Xoshiro128) -> Reber {
    loop {
        if let Some(string) = Reber::draw(rng) {
            return string;
        }
    }
}
