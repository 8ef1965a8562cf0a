//! Captions: a vector is described in as many words as it needs.
//!
//! A vector has four measurements, each on one of five levels. The middle level has no word; each other level has
//! one word for its side, preceded by "very" at the ends of the scale: (0.5, 0, −1, 0) is "warm very dry". There
//! are 625 captions of 0 to 8 words.

use elman::{Random, Xoshiro128};

/// All words of the captions.
pub const WORDS: &str = "very cold warm dark bright dry wet still windy";

/// Largest number of words in a caption.
pub const LONGEST: usize = 2 * MEASUREMENTS;

/// Number of values in a vector.
pub const MEASUREMENTS: usize = 4;

/// For each measurement, the words for the levels below and above the middle.
const SIDES: [[&str; 2]; MEASUREMENTS] = [["cold", "warm"], ["dark", "bright"], ["dry", "wet"], ["still", "windy"]];

/// Number of levels on either side of the middle.
const LEVELS: i32 = 2;

/// Largest distance of a measurement from its level. Levels are 0.5 apart, so a fifth of this distance stays free
/// between the measurements of two neighbouring levels.
const SPREAD: f32 = 0.2;

/// A vector of measurements, and the words that describe it.
#[derive(Clone, Debug, PartialEq)]
pub struct Caption {
    /// Measured values, each between −1.2 and 1.2.
    pub vector: [f32; MEASUREMENTS],
    levels: [i32; MEASUREMENTS],
}

impl Caption {
    /// Draws a vector; all levels are equally likely.
    ///
    /// ```
    /// use elman::Xoshiro128;
    /// use tasks::Caption;
    /// let caption = Caption::draw(&mut Xoshiro128::from_seed(0));
    /// assert_eq!(caption.words().collect::<Vec<_>>(), ["cold", "wet", "very", "windy"]);
    /// ```
    pub fn draw(rng: &mut impl Random) -> Self {
        let levels = core::array::from_fn(|_| rng.below(2 * LEVELS as u32 + 1) as i32 - LEVELS);
        let vector = levels.map(|level| level as f32 / LEVELS as f32 + rng.uniform(-SPREAD, SPREAD));
        Self { vector, levels }
    }

    /// Returns the words in order.
    pub fn words(&self) -> impl Iterator<Item = &'static str> {
        self.levels.into_iter().zip(SIDES).flat_map(|(level, [less, more])| {
            let very = (level.abs() == LEVELS).then_some("very");
            let side = (level != 0).then_some(if level < 0 { less } else { more });
            very.into_iter().chain(side)
        })
    }

    /// Returns `true` if the caption is held out for tests. A generator seeded with the levels chooses one in ten.
    #[must_use]
    pub fn held_out(&self) -> bool {
        let seed = self.levels.iter().fold(0, |seed, level| 5 * seed + u64::from((level + LEVELS).unsigned_abs()));
        Xoshiro128::from_seed(seed).below(10) == 0
    }
}
