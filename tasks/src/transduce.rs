//! Transduction: a string becomes another, in general of another length, by a rule that must be learned.
//!
//! Strings of 1 to 10 letters are reversed; runs of equal letters are contracted to a letter and a number each,
//! or expanded again. Nothing is written until the whole string has been read, so the state must hold all of it.
//! Zaremba and Sutskever, "Learning to execute" (2014), trained networks that read and write on such tasks.

use core::iter::repeat_n;
use elman::{Random, Xoshiro128};
use heapless::String;

/// All symbols of the strings.
pub const SYMBOLS: &str = "abcdef123456789";

/// Length of the longest string.
pub const LONGEST: usize = 10;

/// Number of symbols that are letters.
const LETTERS: u32 = 6;

/// Largest number of runs whose contraction is no longer than [`LONGEST`].
const RUNS: u32 = 5;

/// Largest number that is a single symbol.
const LARGEST: u32 = 9;

/// Rule that transforms a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transduction {
    /// Letters from the last to the first: "abc" becomes "cba".
    Reversal,
    /// Each letter repeated by the number after it: "a3b1" becomes "aaab".
    Expansion,
    /// Each run of equal letters as the letter and its count: "aaab" becomes "a3b1".
    Contraction,
}

/// String and its transduction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strings {
    /// Input sequence.
    pub source: String<LONGEST>,
    /// Target sequence.
    pub target: String<LONGEST>,
}

impl Transduction {
    /// Draws a string: for a reversal, 1 to 10 letters; otherwise, 1 to 5 runs with at most 10 letters in total.
    ///
    /// ```
    /// use elman::Xoshiro128;
    /// use tasks::Transduction;
    /// let strings = Transduction::Contraction.draw(&mut Xoshiro128::from_seed(0));
    /// assert_eq!((&strings.source[..], &strings.target[..]), ("fffeee", "f3e3"));
    /// ```
    pub fn draw(self, rng: &mut impl Random) -> Strings {
        let (source, target) = match self {
            Self::Reversal => reversal(rng),
            Self::Contraction => runs(rng),
            Self::Expansion => {
                let (expanded, contracted) = runs(rng);
                (contracted, expanded)
            }
        };
        Strings { source, target }
    }
}

impl Strings {
    /// Returns `true` if the pair is held out for tests. A generator seeded with the source chooses one in eight.
    #[must_use]
    pub fn held_out(&self) -> bool {
        let seed = self.source.bytes().fold(0, |seed, byte| seed << 8 ^ seed >> 48 ^ u64::from(byte));
        Xoshiro128::from_seed(seed).below(8) == 0
    }
}

fn reversal(rng: &mut impl Random) -> (String<LONGEST>, String<LONGEST>) {
    let length = 1 + rng.below(LONGEST as u32);
    let letters: String<LONGEST> = (0..length).map(|_| symbol(rng.below(LETTERS))).collect();
    let reversed = letters.chars().rev().collect();
    (letters, reversed)
}

/// Draws runs of equal letters, and their contraction.
fn runs(rng: &mut impl Random) -> (String<LONGEST>, String<LONGEST>) {
    let count = 1 + rng.below(RUNS);
    let mut lengths = [1; RUNS as usize];
    for _ in 0..rng.below((LONGEST as u32 - count).min(LARGEST - 1) + 1) {
        if let Some(length) = lengths.get_mut(rng.below(count) as usize) {
            *length += 1;
        }
    }
    let mut last = rng.below(LETTERS);
    let runs = lengths.map(|length| {
        // Any letter but the last one; otherwise two runs would merge.
        last = (last + 1 + rng.below(LETTERS - 1)) % LETTERS;
        (symbol(last), length)
    });
    let runs = runs.iter().take(count as usize);
    let expanded = runs.clone().flat_map(|&(letter, length)| repeat_n(letter, length as usize)).collect();
    let contracted = runs.flat_map(|&(letter, length)| [letter, symbol(LETTERS + length - 1)]).collect();
    (expanded, contracted)
}

/// Returns the symbol at an existing index.
fn symbol(index: u32) -> char {
    SYMBOLS.chars().nth(index as usize).unwrap_or(' ')
}
