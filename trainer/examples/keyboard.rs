//! A phone keyboard that suggests the next word while it is typed.
//!
//! `keyboard [FILE]` reads a text with one sentence per line, by default `data/letters/english.txt`. A small GRU
//! and the best n-gram model learn its words. Then the program types the last tenth of the sentences with three
//! suggestions from each model, and counts the strokes saved. On a terminal you can also type: after each line,
//! the program suggests the next word or completes an unfinished one.

use elman::vocabulary::Vocabulary;
use elman::{Adam, Clip, Dense, Embedding, Gru, Libm, Network, Stacked, Token, Xoshiro128, init};
use elman_trainer::fit::{Patience, Schedule};
use elman_trainer::language::keyboard::{Strokes, strokes, suggestions};
use elman_trainer::language::{Counts, LanguageModel, Ngrams, Smoothing, text};
use elman_trainer::trials::Failure;
use elman_trainer::{Fit, Progress, ToNext, fit, zeroed};
use std::io::{BufRead, IsTerminal, stdin};
use std::path::PathBuf;

const ENGLISH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/letters/english.txt");
/// Number of different words, including the four special tokens; rarer ones are `<unk>`.
const WORDS: usize = 768;
/// Number of tokens in the longest training sentence.
const LONGEST: usize = 64;
/// Number of suggestions shown.
const SHOWN: usize = 3;

type Words = Vocabulary<WORDS, 8192>;
type Net = Network<Stacked<Embedding<WORDS, 16>, Gru<16, 48>>, Dense<48, WORDS>>;
type Text = Vec<Token<WORDS>>;

fn main() -> Result<(), Failure> {
    let file = std::env::args_os().nth(1).map_or_else(|| ENGLISH.into(), PathBuf::from);
    let all = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let lines: Vec<&str> = all.lines().map(|line| line.trim_end_matches('.')).filter(|line| !line.is_empty()).collect();
    let (rest, test) = lines.split_at(lines.len() * 9 / 10);
    let (learned, valid) = rest.split_at(lines.len() * 8 / 10);
    let words: Words = text::vocabulary(learned.iter().flat_map(|line| line.split_whitespace()));
    println!("{} sentences for training, {} for validation, {} to type", learned.len(), valid.len(), test.len());

    let network = train(&tokens(&words, learned), &tokens(&words, valid))?;
    let mut counts = Counts::new(4);
    tokens(&words, learned).iter().for_each(|sentence| counts.add(&sentence[..1], &sentence[1..]));
    let chosen = tokens(&words, valid);
    let smoothings = [Smoothing::AddK(0.01), Smoothing::WittenBell, Smoothing::KneserNey];
    let (ngrams, _) = Ngrams::best(&counts, &smoothings, |model| perplexity(model, &chosen))?;
    judge("GRU, 48 units", &*network, &words, test);
    judge(&ngrams.to_string(), &ngrams, &words, test);

    println!(
        "\nOn a device, the words typed so far are one state of the network: a step for each word, and the {SHOWN} \
            largest"
    );
    println!(
        "of {WORDS} logits among the words that start with the letters typed. {} bytes of weights.",
        size_of::<Net>()
    );
    if stdin().is_terminal() { interact(&network, &words) } else { batch(&network, &words, test) }
}

/// Encodes sentences, each between `<sos>` and `<eos>`.
fn tokens(words: &Words, lines: &[&str]) -> Vec<Text> {
    let sentence = |line: &&str| {
        let inner = text::tokens(words, line.split_whitespace().take(LONGEST - 1));
        [&[Words::SOS], &inner[..], &[Words::EOS]].concat()
    };
    lines.iter().map(sentence).collect()
}

fn train(learned: &[Text], valid: &[Text]) -> Result<Box<Net>, Failure> {
    let [learned, valid] =
        [learned, valid].map(|texts| -> Vec<_> { texts.iter().map(|text| ToNext { items: text.clone() }).collect() });
    let mut network = zeroed::<Net>();
    let mut rng = Xoshiro128::from_seed(1);
    init::orthogonal::<Libm<f32>, _>(&mut *network, &mut rng);
    init::embedding(&mut network.cell.lower, &mut rng);
    let how = Fit::<_, LONGEST, LONGEST> {
        clip: Clip::Norm(1.0),
        epochs: 30,
        batch: 8,
        schedule: Schedule::Cosine { end: 0.05 },
        patience: Some(Patience { epochs: 3, min_delta: 0.0 }),
        ..Fit::new(Adam::new(0.005))
    };
    let progress = Progress::new(how.updates(learned.len()));
    fit(&mut *network, &learned, &valid, &Fit { progress: Some(&progress), ..how })?;
    progress.clear();
    Ok(network)
}

/// Returns the perplexity over all words and the ends of sentences.
fn perplexity(model: &impl LanguageModel<WORDS>, sentences: &[Text]) -> f64 {
    let loss: f64 = sentences.iter().map(|text| -model.log_probability_after(&text[..1], &text[1..])).sum();
    (loss / sentences.iter().map(|text| text.len() - 1).sum::<usize>() as f64).exp()
}

fn judge(name: &str, model: &impl LanguageModel<WORDS>, words: &Words, test: &[&str]) {
    let mut all = Strokes::default();
    for line in test {
        all.add(strokes(model, words, &[Words::SOS], line.split_whitespace(), SHOWN));
    }
    let (perplexity, saved) = (perplexity(model, &tokens(words, test)), 100.0 * all.saved());
    println!("{name}: perplexity {perplexity:.1}, {} strokes instead of {}, {saved:.1} % saved", all.with, all.without);
}

/// Returns suggestions for the word after `line`, or for the unfinished word at its end.
fn suggested<'w>(network: &Net, words: &'w Words, line: &str) -> Vec<&'w str> {
    let (before, typed) = line.rsplit_once(char::is_whitespace).unwrap_or(("", line));
    let read = [&[Words::SOS], &text::tokens(words, before.split_whitespace())[..]].concat();
    suggestions(network, words, &network.after(&read), typed, SHOWN)
}

fn interact(network: &Net, words: &Words) -> Result<(), Failure> {
    println!(
        "\nType some words; end with a space to get the next word, or without one to complete the current word. \
        Ctrl-D ends."
    );
    for line in stdin().lock().split(b'\n') {
        let line = String::from_utf8_lossy(&line?).to_lowercase();
        println!("  {}", suggested(network, words, line.trim_end_matches('\r')).join(" | "));
    }
    Ok(())
}

/// Prints some test sentences, with the suggestions made before each word is typed.
fn batch(network: &Net, words: &Words, test: &[&str]) -> Result<(), Failure> {
    for line in test.iter().take(2) {
        println!();
        for (at, word) in line.split_whitespace().map(|word| (word.as_ptr() as usize - line.as_ptr() as usize, word)) {
            println!("  {word:>14}  from  {}", suggested(network, words, &line[..at]).join(" | "));
        }
    }
    Ok(())
}
