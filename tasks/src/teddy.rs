//! Names that can be recognised only by the words after them: is "Teddy" a president or a bear?
//!
//! "He said that Teddy Roosevelt signed" and "he said that teddy bears sold" begin alike, so a network that reads
//! from left to right must guess when it reaches "teddy". Andrew Ng's lectures on sequence models use this
//! example to show why a network should read in both directions. In the sentences drawn here, up to three words
//! separate such a word from the word that decides, and persons and things are equally likely.

use core::fmt;
use elman::{Class, Random, Token};

/// Word of the grammar.
pub type Word = Token<{ WORDS.len() }>;

/// Words in the order of their tokens, by role: speakers, verbs of saying, "that", "and", possible names, adverbs,
/// actions of a person, actions of a thing, final adverbs.
pub const WORDS: [&str; 32] = [
    "he", "she", "they", "I", "said", "wrote", "heard", "that", "and", "teddy", "rose", "grace", "mark", "bill", "may",
    "once", "never", "really", "still", "spoke", "laughed", "signed", "resigned", "agreed", "bloomed", "cracked",
    "sold", "shrank", "rusted", "today", "again", "here",
];
const WHO: [usize; 2] = [0, 4];
const SAYS: [usize; 2] = [4, 7];
const THAT: [usize; 2] = [7, 8];
const AND: [usize; 2] = [8, 9];
const NAMES: [usize; 2] = [9, 15];
const BETWEEN: [usize; 2] = [15, 19];
const PERSON: [usize; 2] = [19, 24];
const THING: [usize; 2] = [24, 29];
const END: [usize; 2] = [29, 32];

/// Sentence with labelled words: 1 for the name of a person, 0 for anything else.
///
/// ```
/// use elman::Xoshiro128;
/// use tasks::Teddy;
/// let sentence = Teddy::draw(&mut Xoshiro128::from_seed(6));
/// assert_eq!(sentence.words().len(), sentence.labels().len());
/// assert!(sentence.to_string().contains(" that "));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Teddy {
    words: [Word; Teddy::LONGEST],
    labels: [Class<2>; Teddy::LONGEST],
    length: usize,
}

impl Teddy {
    /// Number of words in the longest sentence.
    pub const LONGEST: usize = 16;

    /// Draws a sentence of one or two clauses.
    pub fn draw(rng: &mut impl Random) -> Self {
        let (words, labels) = ([Word::default(); Self::LONGEST], [Class::default(); Self::LONGEST]);
        let mut sentence = Self { words, labels, length: 0 };
        for group in [WHO, SAYS, THAT] {
            sentence.say(group, false, rng);
        }
        sentence.clause(rng);
        if rng.below(2) == 1 {
            sentence.say(AND, false, rng);
            sentence.clause(rng);
        }
        sentence
    }

    /// Returns the words.
    #[must_use]
    pub fn words(&self) -> &[Word] {
        self.words.get(..self.length).unwrap_or(&[])
    }

    /// Returns the label of each word.
    #[must_use]
    pub fn labels(&self) -> &[Class<2>] {
        self.labels.get(..self.length).unwrap_or(&[])
    }

    /// Returns `true` if a word can be a name or an ordinary word.
    #[must_use]
    pub const fn is_ambiguous(word: Word) -> bool {
        let [first, end] = NAMES;
        first <= word.index() && word.index() < end
    }

    /// Adds a clause: a possible name, up to three adverbs, an action that shows whether it is a name, a final
    /// adverb.
    fn clause(&mut self, rng: &mut impl Random) {
        let person = rng.below(2) == 1;
        self.say(NAMES, person, rng);
        for _ in 0..rng.below(4) {
            self.say(BETWEEN, false, rng);
        }
        self.say(if person { PERSON } else { THING }, false, rng);
        self.say(END, false, rng);
    }

    /// Adds a random word of a group.
    fn say(&mut self, [first, end]: [usize; 2], name: bool, rng: &mut impl Random) {
        let word = Word::new(first + rng.below((end - first) as u32) as usize).unwrap_or_default();
        let label = Class::new(usize::from(name)).unwrap_or_default();
        if let (Some(to), Some(of)) = (self.words.get_mut(self.length), self.labels.get_mut(self.length)) {
            (*to, *of) = (word, label);
            self.length += 1;
        }
    }
}

impl fmt::Display for Teddy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, word) in self.words().iter().enumerate() {
            let space = if place == 0 { "" } else { " " };
            write!(f, "{space}{}", WORDS.get(word.index()).copied().unwrap_or(""))?;
        }
        Ok(())
    }
}
