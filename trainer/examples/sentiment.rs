//! Sentiment of a sentence: praise, blame or neither.
//!
//! `sentiment` trains on `data/sentiment/three-classes.tsv`, word by word, with a fifth of the sentences held out
//! for early stopping, and classifies a few sentences that the file does not contain. `sentiment "it is not bad"`
//! classifies your own sentence; the network knows only the words in the file.

use elman::vocabulary::{Encode, Unknown};
use elman::{Adam, Class, Clip, Dense, Gru, Libm, Network, Random, Token, Vocabulary, Xoshiro128, Zero, init};
use elman_trainer::fit::{Fit, Fitted, Patience, Schedule, Varied, fit};
use elman_trainer::{ToOne, trials::Failure};
use std::env;

const DATA: &str = include_str!("../../data/sentiment/three-classes.tsv");
const LABELS: [&str; 3] = ["negative", "neutral", "positive"];
/// Sentences that are not in the file, but use its words.
const OTHERS: [&str; 6] = [
    "the book was good",
    "the book was not good",
    "the film was not so bad",
    "the music was lovely not dull",
    "the music was dull not lovely",
    "my tea is on the table",
];

/// Largest number of different tokens: words and special tokens such as `<sos>` and `<eos>`.
const SYMBOLS: usize = 64;
/// Number of tokens in the longest sentence, including `<sos>` and `<eos>`.
const STEPS: usize = 12;
const UNITS: usize = 16;
/// Share of words replaced at random with `<unk>` during training, so that no single word decides.
const HIDDEN: f32 = 0.2;

type Words = Vocabulary<SYMBOLS, 256>;
type Net = Network<Gru<SYMBOLS, UNITS>, Dense<UNITS, 3>>;
type Sentence = ToOne<Token<SYMBOLS>, Class<3>>;

fn main() -> Result<(), Failure> {
    let mut words = Words::new();
    let mut sentences = sentences(&mut words)?;
    let mut rng = Xoshiro128::from_seed(0);
    rng.shuffle(&mut sentences);
    let (valid, train) = sentences.split_at(sentences.len() / 5);
    println!("{} sentences for training, {} held out.\n", train.len(), valid.len());

    let mut network = Net::ZERO;
    init::orthogonal::<Libm<f32>, _>(&mut network, &mut rng);
    let how = Fit::<_, STEPS> {
        epochs: 60,
        batch: 4,
        clip: Clip::Norm(1.0),
        schedule: Schedule::Cosine { end: 0.05 },
        patience: Some(Patience { epochs: 20, min_delta: 0.0 }),
        ..Fit::new(Adam::new(0.01))
    };
    let fitted = fit(&mut network, &Varied(train, hidden), valid, &how)?;
    show(&fitted);

    let asked: Vec<_> = env::args().skip(1).collect();
    if asked.is_empty() {
        OTHERS.iter().try_for_each(|sentence| judge(&network, &words, sentence))
    } else {
        asked.iter().try_for_each(|sentence| judge(&network, &words, &sentence.to_lowercase()))
    }
}

fn sentences(words: &mut Words) -> Result<Vec<Sentence>, Failure> {
    let read = |line: &str| -> Result<Sentence, Failure> {
        let (label, sentence) = line.split_once('\t').ok_or("a line must be a label, a tab and a sentence")?;
        words.insert_words(sentence)?;
        let class = LABELS.iter().position(|known| *known == label).ok_or("a label must be one of three")?;
        Ok(ToOne { inputs: tokens(words, sentence)?, target: Class::new(class)? })
    };
    DATA.lines().map(read).collect()
}

fn tokens(words: &Words, sentence: &str) -> Result<Vec<Token<SYMBOLS>>, Failure> {
    let how = Encode { sos: true, eos: true, unknown: Unknown::Unk };
    Ok(words.encode_words::<STEPS>(sentence, how)?.to_vec())
}

/// Replaces some words of a sentence with `<unk>`.
fn hidden(sentence: &Sentence, rng: &mut Xoshiro128) -> Sentence {
    let word = |&word: &_| if rng.unit_f32() < HIDDEN { Words::UNK } else { word };
    Sentence { inputs: sentence.inputs.iter().map(word).collect(), ..*sentence }
}

/// Prints the results of epochs 1, 2, 4, ... and of the best one.
fn show(Fitted { history, .. }: &Fitted) {
    println!("epoch   loss  right   held out:    loss  right");
    for (place, epoch) in history.epochs.iter().enumerate() {
        let best = history.best == Some(place);
        if best || epoch.epoch.is_power_of_two() {
            let percent = |share: Option<f64>| 100.0 * share.unwrap_or(0.0);
            let (right, held_right) = (percent(epoch.train_accuracy), percent(epoch.valid_accuracy));
            let (loss, held) = (epoch.train_loss, epoch.valid_loss.unwrap_or(0.0));
            let mark = if best { "  the best, kept" } else { "" };
            println!("{:5}  {loss:5.3} {right:5.0}%                {held:5.3} {held_right:5.0}%{mark}", epoch.epoch);
        }
    }
    println!();
}

/// Prints the probability of each class for a sentence, as a bar.
fn judge(network: &Net, words: &Words, sentence: &str) -> Result<(), Failure> {
    let tokens = tokens(words, sentence).map_err(|error| format!("\"{sentence}\": {error}"))?;
    let probabilities = network.probabilities(&tokens)?;
    let bars = LABELS.iter().zip(probabilities).map(|(label, probability)| {
        let length = (10.0 * probability).round() as usize;
        format!("  {label} {:10}", "#".repeat(length))
    });
    println!("{sentence:30}{}", bars.collect::<String>().trim_end());
    Ok(())
}
