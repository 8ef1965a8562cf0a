//! Sentences of a small English grammar in which verbs agree with nouns, even across a relative clause.
//!
//! Examples: "every cat sleeps", "some quiet farmers that feed this dog sing again". The grammar is a graph in
//! which each word leads to the next state. It was written for this project, and has 43 words and 469,803,600
//! sentences of 3 to 13 words.

use core::fmt;
use elman::Random;

/// Words that can replace each other in a sentence.
type Class = &'static [&'static str];

const DETERMINER: Class = &["a", "this", "every"];
const DETERMINERS: Class = &["some", "these", "many"];
const ADJECTIVE: Class = &["small", "happy", "hungry", "quiet"];
const NOUN: Class = &["cat", "dog", "bird", "child", "woman", "farmer"];
const NOUNS: Class = &["cats", "dogs", "birds", "children", "women", "farmers"];
const THAT: Class = &["that"];
/// Verbs without an object.
const SLEEPS: Class = &["sleeps", "sings", "waits", "runs"];
const SLEEP: Class = &["sleep", "sing", "wait", "run"];
/// Verbs with an object.
const SEES: Class = &["sees", "hears", "follows", "feeds"];
const SEE: Class = &["see", "hear", "follow", "feed"];
const ADVERB: Class = &["today", "here", "again", "often"];
/// Empty class that ends the sentence.
const STOP: Class = &[];

/// For each state, the classes that are allowed in it, with the states that follow. Where the grammatical number
/// of the subject matters, singular and plural states alternate.
const WAYS: [&[(Class, usize)]; END] = [
    // 0: the subject.
    &[(DETERMINER, 1), (DETERMINERS, 2)],
    &[(ADJECTIVE, 3), (NOUN, 5)],
    &[(ADJECTIVE, 4), (NOUNS, 6)],
    &[(NOUN, 5)],
    &[(NOUNS, 6)],
    &[(THAT, 7), (SLEEPS, 26), (SEES, 21)],
    &[(THAT, 8), (SLEEP, 26), (SEE, 21)],
    // 7: a relative clause.
    &[(SEES, 9)],
    &[(SEE, 10)],
    &[(DETERMINER, 11), (DETERMINERS, 13)],
    &[(DETERMINER, 12), (DETERMINERS, 14)],
    &[(ADJECTIVE, 15), (NOUN, 19)],
    &[(ADJECTIVE, 16), (NOUN, 20)],
    &[(ADJECTIVE, 17), (NOUNS, 19)],
    &[(ADJECTIVE, 18), (NOUNS, 20)],
    &[(NOUN, 19)],
    &[(NOUN, 20)],
    &[(NOUNS, 19)],
    &[(NOUNS, 20)],
    &[(SLEEPS, 26), (SEES, 21)],
    &[(SLEEP, 26), (SEE, 21)],
    // 21: the object.
    &[(DETERMINER, 22), (DETERMINERS, 23)],
    &[(ADJECTIVE, 24), (NOUN, 26)],
    &[(ADJECTIVE, 25), (NOUNS, 26)],
    &[(NOUN, 26)],
    &[(NOUNS, 26)],
    // 26: the sentence is complete.
    &[(ADVERB, 27), (STOP, END)],
    &[(STOP, END)],
];
const END: usize = 28;

/// Largest number of words in a sentence.
pub const LONGEST: usize = 13;

/// Words of a sentence, in their original order or in another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Words {
    words: [&'static str; LONGEST],
    length: usize,
}

impl Words {
    /// Draws a sentence: in each state, a class and then a word of that class, with equal probabilities.
    pub fn draw(rng: &mut impl Random) -> Self {
        let mut sentence = Self { words: [""; LONGEST], length: 0 };
        let mut state = 0;
        while let Some((class, next)) = WAYS.get(state).and_then(|ways| pick(ways, rng)) {
            if let (Some(word), Some(place)) = (pick(class, rng), sentence.words.get_mut(sentence.length)) {
                *place = word;
                sentence.length += 1;
            }
            state = next;
        }
        sentence
    }

    /// Returns the words.
    #[must_use]
    pub fn as_slice(&self) -> &[&'static str] {
        self.words.get(..self.length).unwrap_or(&[])
    }

    /// Returns the words in a random order that does not form a sentence; `None` if 32 tries find none.
    pub fn shuffled(&self, rng: &mut impl Random) -> Option<Self> {
        let tries = (0..32).map(|_| {
            let mut other = self.clone();
            rng.shuffle(other.words.get_mut(..self.length)?);
            Some(other)
        });
        tries.flatten().find(|other| !accepts(other.as_slice()))
    }

    /// Returns the words with the subject and the first object exchanged, each with its determiner and adjective, so
    /// that the verbs no longer agree: "many cats hears this dog". Returns `None` if there is no object, or if both
    /// have the same grammatical number.
    #[must_use]
    pub fn exchanged(&self) -> Option<Self> {
        let one_of = |classes: [Class; 2]| move |word: &&str| classes.into_iter().flatten().any(|other| other == word);
        let (determiner, noun) = (one_of([DETERMINER, DETERMINERS]), one_of([NOUN, NOUNS]));
        let subject = 1 + self.as_slice().iter().position(noun)?;
        let object = subject + self.as_slice().iter().skip(subject).position(determiner)?;
        let end = object + 1 + self.as_slice().iter().skip(object).position(noun)?;
        let mut other = self.clone();
        let phrases = other.words.get_mut(..end)?;
        phrases.rotate_left(object);
        phrases.get_mut(end - object..)?.rotate_left(subject);
        (!accepts(other.as_slice())).then_some(other)
    }
}

/// Returns `true` if the words form a sentence of the grammar.
#[must_use]
pub fn accepts(words: &[&str]) -> bool {
    let state = words.iter().try_fold(0, |state, word| after(state, |class| class.contains(word)));
    state.and_then(|state| after(state, |class| class.is_empty())).is_some()
}

/// Returns every word of the grammar once.
pub fn words() -> impl Iterator<Item = &'static str> {
    let classes = [DETERMINER, DETERMINERS, ADJECTIVE, NOUN, NOUNS, THAT, SLEEPS, SLEEP, SEES, SEE, ADVERB];
    classes.into_iter().flatten().copied()
}

/// Returns the state after the first class for which `wanted` is true.
fn after(state: usize, wanted: impl Fn(Class) -> bool) -> Option<usize> {
    WAYS.get(state)?.iter().find(|(class, _)| wanted(class)).map(|&(_, next)| next)
}

/// Picks one of the items, each with equal probability.
fn pick<T: Copy>(items: &[T], rng: &mut impl Random) -> Option<T> {
    items.get(rng.below(items.len() as u32) as usize).copied()
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut between = "";
        self.as_slice().iter().try_for_each(|word| write!(f, "{}{word}", core::mem::replace(&mut between, " ")))
    }
}
