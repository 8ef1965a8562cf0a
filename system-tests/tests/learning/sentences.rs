//! Sentences of a small grammar, and names that the words after them reveal.

use super::tasks::rng;
use elman::{Random, Vocabulary};
use std::collections::{BTreeMap, BTreeSet};
use tasks::Teddy;
use tasks::sentences::{self, LONGEST, Words};

/// Recogniser written by hand: the function for each part of a sentence takes its words from the front.
mod grammar {
    type Rest<'a, 'w> = &'a [&'w str];

    fn word<'a, 'w>(rest: Rest<'a, 'w>, words: &str) -> Option<(&'w str, Rest<'a, 'w>)> {
        let (first, rest) = rest.split_first()?;
        words.split(' ').any(|word| word == *first).then_some((*first, rest))
    }

    /// Returns `true` for a plural noun phrase or `false` for a singular one, with the remaining words.
    fn phrase<'a, 'w>(rest: Rest<'a, 'w>) -> Option<(bool, Rest<'a, 'w>)> {
        let (determiner, mut rest) = word(rest, "a this every some these many")?;
        let many = ["some", "these", "many"].contains(&determiner);
        if let Some((_, after)) = word(rest, "small happy hungry quiet") {
            rest = after;
        }
        let nouns = if many { "cats dogs birds children women farmers" } else { "cat dog bird child woman farmer" };
        Some((many, word(rest, nouns)?.1))
    }

    fn sees<'a, 'w>(rest: Rest<'a, 'w>, many: bool) -> Option<Rest<'a, 'w>> {
        Some(word(rest, if many { "see hear follow feed" } else { "sees hears follows feeds" })?.1)
    }

    pub fn accepts(words: &[&str]) -> bool {
        let predicate = || {
            let (many, mut rest) = phrase(words)?;
            if let Some((_, after)) = word(rest, "that") {
                rest = phrase(sees(after, many)?)?.1;
            }
            rest = match word(rest, if many { "sleep sing wait run" } else { "sleeps sings waits runs" }) {
                Some((_, rest)) => rest,
                None => phrase(sees(rest, many)?)?.1,
            };
            Some(word(rest, "today here again often").map_or(rest, |(_, rest)| rest))
        };
        predicate().is_some_and(|rest: Rest<'_, '_>| rest.is_empty())
    }
}

#[test]
fn the_hand_made_grammar_knows_agreement() {
    let accepts = |text: &str| grammar::accepts(&text.split(' ').collect::<Vec<_>>());
    for text in ["every cat sleeps", "some quiet farmers that feed this dog sing again", "a cat sees these small dogs"]
    {
        assert!(accepts(text), "{text}");
    }
    for text in ["every cat sleep", "some farmers that feeds this dog sing", "some farmers that feed this dog sings"] {
        assert!(!accepts(text), "{text}");
    }
    for text in ["every cats sleeps", "cat every sleeps", "every cat", "every cat sleeps again today", "a cat sees"] {
        assert!(!accepts(text), "{text}");
    }
}

#[test]
fn sentences_are_of_the_grammar_and_other_orders_are_not() {
    let mut rng = rng(6);
    let mut lengths = [0; LONGEST + 1];
    let mut exchanged = 0;
    for _ in 0..3000 {
        let sentence = Words::draw(&mut rng);
        assert!(grammar::accepts(sentence.as_slice()) && sentences::accepts(sentence.as_slice()), "{sentence}");
        assert_eq!(sentence.to_string().split(' ').collect::<Vec<_>>(), sentence.as_slice());
        lengths[sentence.as_slice().len()] += 1;
        let shuffled = sentence.shuffled(&mut rng).unwrap();
        let other = sentence.exchanged();
        exchanged += u32::from(other.is_some());
        for other in [Some(shuffled), other].into_iter().flatten() {
            assert!(!grammar::accepts(other.as_slice()) && !sentences::accepts(other.as_slice()), "{other}");
            let sorted = |words: &Words| {
                let mut words = words.as_slice().to_vec();
                words.sort();
                words
            };
            assert_eq!(sorted(&other), sorted(&sentence));
        }
    }
    assert!(lengths[..3].iter().all(|&count| count == 0) && lengths[3..].iter().all(|&count| count > 0), "{lengths:?}");
    // Two of three sentences have an object, and half of these objects differ from the subject in number. Five
    // standard deviations.
    assert!((870..1130).contains(&exchanged), "{exchanged}");
}

/// The two recognisers must agree for any word in any position, or some shuffled words would be sentences.
#[test]
fn both_recognisers_agree_on_damaged_sentences() {
    let mut rng = rng(7);
    let words: Vec<_> = sentences::words().collect();
    let mut kept = 0;
    for _ in 0..3000 {
        let sentence = Words::draw(&mut rng);
        let mut text = sentence.as_slice().to_vec();
        let place = rng.below(text.len() as u32) as usize;
        text[place] = words[rng.below(words.len() as u32) as usize];
        let accepted = sentences::accepts(&text);
        assert_eq!(accepted, grammar::accepts(&text), "{text:?}");
        kept += u32::from(accepted);
    }
    assert!((100..1500).contains(&kept), "{kept}");
    assert!(!sentences::accepts(&[]) && !sentences::accepts(&["cat"]) && !sentences::accepts(&["every", "cat"]));
}

#[test]
fn subject_and_object_change_places_with_their_words() {
    let mut rng = rng(8);
    let mut find = |text: &str| {
        let found =
            (0..1_000_000).map(|_| Words::draw(&mut rng)).find(|sentence| sentence.to_string().starts_with(text));
        found.unwrap().exchanged().map(|words| words.to_string())
    };
    assert!(find("this happy dog hears many cats").unwrap().starts_with("many cats hears this happy dog"));
    assert!(find("many cats that hear this dog s").unwrap().starts_with("this dog that hear many cats s"));
    assert_eq!(find("this happy dog hears a cat"), None, "it would be a sentence again");
    assert_eq!(find("this happy dog sings"), None);
}

#[test]
fn every_word_is_different_and_fits_the_vocabulary() {
    let mut vocabulary = Vocabulary::<48, 256>::new();
    for word in sentences::words() {
        vocabulary.insert(word).unwrap();
    }
    assert_eq!(sentences::words().count(), 43);
    assert_eq!(vocabulary.len(), 4 + 43);
}

/// The first word after a possible name, not counting adverbs, decides whether it is a name; no word before it
/// does.
#[test]
fn what_follows_a_name_tells() {
    let persons = ["spoke", "laughed", "signed", "resigned", "agreed"];
    let things = ["bloomed", "cracked", "sold", "shrank", "rusted"];
    let mut rng = rng(20);
    let (mut names, mut lengths) = (BTreeMap::<String, [usize; 2]>::new(), BTreeSet::new());
    for _ in 0..4000 {
        let sentence = Teddy::draw(&mut rng);
        let text = sentence.to_string();
        let words: Vec<&str> = text.split(' ').collect();
        lengths.insert(words.len());
        assert_eq!((sentence.words().len(), sentence.labels().len()), (words.len(), words.len()));
        for (at, (&word, label)) in sentence.words().iter().zip(sentence.labels()).enumerate() {
            let person = Teddy::is_ambiguous(word).then(|| {
                let verb = words[at + 1..].iter().find(|word| persons.contains(word) || things.contains(word));
                persons.contains(verb.unwrap())
            });
            assert_eq!(label.index() == 1, person.unwrap_or(false), "{text}: {}", words[at]);
            if let Some(person) = person {
                names.entry(words[at].to_string()).or_default()[usize::from(person)] += 1;
            }
        }
    }
    assert_eq!((lengths.first(), lengths.last()), (Some(&6), Some(&Teddy::LONGEST)));
    assert_eq!(names.len(), 6);
    // About 1000 of each name: a half within four standard deviations.
    for (name, [things, persons]) in names {
        let share = persons as f64 / (things + persons) as f64;
        assert!((share - 0.5).abs() < 0.07, "{name}: {share}");
    }
}
