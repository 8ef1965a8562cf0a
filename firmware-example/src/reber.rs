//! The embedded Reber grammar learned from scratch in 16 KB: the same on the host and on the micro:bit.

use elman::error::TrainError;
use elman::optim::RmsProp;
use elman::{Class, Clip, Config, Dense, Each, Fast, Gru, Libm, Network, Trainer, Workspace, Xoshiro128, init};
use tasks::Reber;

/// Hidden units.
pub const UNITS: usize = 12;
/// Strings learned from, one an update.
pub const STRINGS: usize = 2000;
/// Other strings, whose symbols are to be predicted.
pub const QUESTIONS: usize = 1000;
/// Steps of a segment, and segments.
const SEGMENT: usize = 7;
/// The learning rate of the first update. It falls to 0.
const RATE: f32 = 0.05;

/// The network.
pub type Net = Network<Gru<7, UNITS, Fast, 1>, Dense<UNITS, 7>>;
/// The memory to train it: a checkpointed tape, and only the moments of the gradient's squares.
pub type Work = Workspace<Net, RmsProp, SEGMENT, SEGMENT, SEGMENT>;
/// Its trainer.
pub type Learn<'a> = Trainer<'a, Work>;

const _: () = assert!(SEGMENT * SEGMENT >= Reber::STEPS, "the tape holds the longest string");
const _: () = assert!(Learn::BYTES <= 12 * 1024, "training leaves room for a stack in 16 KB");

/// Draws first weights, then learns from [`STRINGS`] strings.
///
/// `network` and `work` are all zeros.
///
/// # Errors
/// The error of the trainer.
pub fn learn(network: &mut Net, work: &mut Work, rng: &mut Xoshiro128) -> Result<(), TrainError> {
    init::orthogonal::<Libm<f32>, _>(network, rng);
    for update in 0..STRINGS {
        let rate = RATE * (1.0 - update as f32 / STRINGS as f32);
        let config = Config { clip: Clip::Norm(1.0), ..Config::new(RmsProp::new(rate)) };
        // The configuration can work, so nothing is lost with the other case.
        let Ok(mut trainer) = Trainer::new(network, work, config) else { return Err(TrainError::NothingAccumulated) };
        let string = draw(rng);
        trainer.update(string.inputs(), Each(string.targets()))?;
    }
    Ok(())
}

/// Right answers among some.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Number of right ones.
    pub right: usize,
    /// Number of all of them.
    pub all: usize,
}

impl Share {
    fn add(&mut self, right: bool) {
        self.right += usize::from(right);
        self.all += 1;
    }
}

/// Results of a network on strings it has not learned from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// The symbol that must be remembered from the second step to the last but one: half are right by chance.
    pub long_range: Share,
    /// The same in strings of 20 steps and more.
    pub longest: Share,
    /// All predicted symbols, right if the grammar allows them: 95 % without any memory of the second.
    pub allowed: Share,
}

impl Score {
    /// Returns `true` if the network remembers at least 95 % of the long-range symbols.
    #[must_use]
    pub const fn passes(&self) -> bool {
        100 * self.long_range.right >= 95 * self.long_range.all
    }
}

/// Predicts every symbol of [`QUESTIONS`] strings.
///
/// # Errors
/// Outputs that are not finite.
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

/// Draws a string that fits the tape, as all but six in a million do.
fn draw(rng: &mut Xoshiro128) -> Reber {
    loop {
        if let Some(string) = Reber::draw(rng) {
            return string;
        }
    }
}
