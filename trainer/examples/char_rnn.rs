//! Text, character by character, as in Karpathy's "The Unreasonable Effectiveness of Recurrent Neural Networks".
//!
//! `char_rnn [FILE] [PASSES]` reads any text, by default this project's own pages. Nine tenths are used for
//! training, a twentieth for validation, and the last twentieth for a single test at the end. The baseline is
//! n-grams of every order up to 8 with three kinds of smoothing. Then two GRU layers of 128 units each, with
//! dropout between and above them, read eight parts of the text in parallel. After each pass the program prints
//! the perplexity on the validation text and a generated sample; it keeps the network after the pass with the
//! lowest perplexity. With `--prove` it fails if a promised result is missed.

use elman::optim::Optimizer;
use elman::vocabulary::Vocabulary;
use elman::{Adam, Clip, Config, CrossEntropy, Dense, Fast, Gru, Libm, Network, Reduction, Sampler, Sgd};
use elman::{Stacked, Token, Trainer, Workspace, Xoshiro128, init};
use elman_trainer::data::text::Pieces;
use elman_trainer::language::{Counts, LanguageModel, Mixture, Ngrams, Smoothing, Streams, text};
use elman_trainer::trials::{Failure, verdict};
use elman_trainer::{Dropout, Progress, zeroed};
use std::process::ExitCode;

/// Number of different characters, including the four special tokens; rarer ones are `<unk>`.
const SYMBOLS: usize = 80;
const UNITS: usize = 128;
/// Number of characters in a window; `STREAMS` parts of the text are read in parallel.
const STEPS: usize = 64;
const STREAMS: usize = 8;
const PASSES: usize = 25;
/// Learning rate of the first update; it falls to a hundredth along a cosine.
const RATE: f32 = 0.004;
/// Share of units dropped from each layer during training.
const DROPPED: f32 = 0.15;

/// Number of characters on which a model is tested before it learns from them, at `ADAPTING_RATE`.
const WINDOW: usize = 32;
const ADAPTING_RATE: f32 = 0.1;

type Characters = Vocabulary<SYMBOLS, 320>;
type Lower = Gru<SYMBOLS, UNITS, Fast>;
type Upper = Gru<UNITS, UNITS, Fast>;
type Net = Network<Stacked<Lower, Upper>, Dense<UNITS, SYMBOLS>>;
/// Network during training, with dropout after each layer.
type Learner = Network<Stacked<Dropping<Lower>, Dropping<Upper>>, Dense<UNITS, SYMBOLS>>;
type Dropping<C> = Stacked<C, Dropout<UNITS, Fast>>;
type Tokens = [Token<SYMBOLS>];

const PAGES: &str = concat!(
    include_str!("../../README.md"),
    include_str!("../../docs/decisions.md"),
    include_str!("../../docs/derivation.md"),
    include_str!("../../docs/image-format.md"),
    include_str!("../../docs/memory.md"),
);

fn main() -> Result<ExitCode, Failure> {
    let (flags, arguments): (Vec<_>, Vec<_>) = std::env::args().skip(1).partition(|word| word == "--prove");
    let read = |file: &String| std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"));
    let all = arguments.first().map_or_else(|| Ok(PAGES.to_owned()), read)?;
    let passes = arguments.get(1).map_or(Ok(PASSES), |n| n.parse().map_err(|error| format!("{n} passes: {error}")))?;
    let pieces = Pieces::Characters.of(&all);
    let characters: Characters = text::vocabulary(text::split(&pieces)[0].iter().copied());
    let tokens = text::tokens(&characters, pieces.into_iter());
    let [learned, valid, test] = text::split(&tokens);
    if learned.len() <= STREAMS * STEPS || test.len() <= WINDOW {
        return Err(format!("{} characters are too few to learn from", tokens.len()).into());
    }
    let known = tokens.iter().filter(|&&token| token != Characters::UNK).count();
    println!(
        "{} characters, {} distinct known ones, {} <unk>",
        tokens.len(),
        characters.words().count(),
        tokens.len() - known
    );
    println!("{} for training, {} for validation, {} for the final test", learned.len(), valid.len(), test.len());

    let mut counts = Counts::new(8);
    counts.add(&[], learned);
    let best = |smoothings: &[Smoothing]| Ngrams::best(&counts, smoothings, |model| model.perplexity_after(&[], valid));
    let unigrams = Ngrams::new(&counts, 1, Smoothing::AddK(1.0))?;
    let (plain, _) = best(&[1.0, 0.1, 0.01].map(Smoothing::AddK))?;
    let (witten_bell, _) = best(&[Smoothing::WittenBell])?;
    let (kneser_ney, reached) = best(&[Smoothing::KneserNey])?;
    println!("\n{kneser_ney}: perplexity {reached:.3}, and it writes:\n{}\n", written(&kneser_ney, &characters)?);

    let network = train(&characters, [learned, valid], passes)?;
    let both = Mixture::new(&*network, &kneser_ney, 0.5);
    println!("\nPerplexity on the {} held-out characters; bits per character:", test.len());
    judge(&unigrams.to_string(), &unigrams, test);
    let counted = [&plain, &witten_bell, &kneser_ney].map(|model| judge(&model.to_string(), model, test));
    let learned = judge("GRU, two layers of 128 units", &*network, test);
    let mixed = judge("GRU and Kneser–Ney, half and half", &both, test);
    println!("If a model also learns from every {WINDOW} characters after it was tested on them:");
    print("  n-grams that keep counting", counting_on(counts.clone(), &kneser_ney, test)?);
    print("  GRU that keeps learning", learning_on(&network, test)?);
    if flags.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let least = counted.into_iter().fold(f64::INFINITY, f64::min);
    Ok(verdict([
        ("the GRU is better than n-grams of every order and smoothing".into(), learned < least),
        ("a half-and-half mixture of it and Kneser–Ney is better than either alone".into(), mixed < learned.min(least)),
    ]))
}

/// Prints and returns the perplexity.
fn judge(name: &str, model: &impl LanguageModel<SYMBOLS>, test: &Tokens) -> f64 {
    print(name, model.perplexity_after(&[], test))
}

fn print(name: &str, perplexity: f64) -> f64 {
    println!("  {name:36} {perplexity:7.3}  {:6.3}", perplexity.log2());
    perplexity
}

/// Returns the perplexity of n-grams that are tested on each window of a text before they count it.
fn counting_on(mut counts: Counts<SYMBOLS>, model: &Ngrams<SYMBOLS>, text: &Tokens) -> Result<f64, Failure> {
    let mut nats = 0.0;
    for at in (0..text.len()).step_by(WINDOW) {
        let (before, window) = (&text[at.saturating_sub(model.order())..at], &text[at..text.len().min(at + WINDOW)]);
        nats -= Ngrams::new(&counts, model.order(), model.smoothing())?.log_probability_after(before, window);
        counts.add(before, window);
    }
    Ok((nats / text.len() as f64).exp())
}

/// Returns the perplexity of a network that is tested on each window of a text before it learns from it, as on a
/// device.
fn learning_on(network: &Net, text: &Tokens) -> Result<f64, Failure> {
    let (mut network, mut work) = (Box::new(network.clone()), zeroed::<Workspace<Net, Sgd, WINDOW, WINDOW>>());
    let mut trainer = Trainer::new(&mut *network, &mut work, config(Sgd { rate: ADAPTING_RATE }))?;
    let mut streams = Streams::new(text, 1);
    let windows = streams.updates(WINDOW);
    let nats: Result<f64, _> = (0..windows).map(|_| streams.update(&mut trainer)).sum();
    Ok((nats? / windows as f64).exp())
}

/// Returns 300 characters that a model generates after a line break.
fn written(model: &impl LanguageModel<SYMBOLS>, characters: &Characters) -> Result<String, Failure> {
    let start = model.after(&[characters.token_or_unk("\n")]);
    let drawn = model.generate_after(start, Sampler::temperature(0.9)?, Xoshiro128::from_seed(1));
    Ok(characters.decode_chars(&drawn.take(300).collect::<Vec<_>>()).to_string())
}

/// Trains a network and returns it as it was after the pass with the lowest perplexity on the validation text.
fn train(characters: &Characters, [learned, valid]: [&Tokens; 2], passes: usize) -> Result<Box<Net>, Failure> {
    let (mut network, mut rng) = (zeroed::<Learner>(), Xoshiro128::from_seed(0));
    let mut work = zeroed::<Workspace<Learner, Adam, STEPS, STEPS>>();
    init::orthogonal::<Libm<f32>, _>(&mut *network, &mut rng);
    let mut streams = Streams::new(learned, STREAMS);
    let updates = streams.updates(STEPS);
    let progress = Progress::new(passes * updates);
    let (mut best, mut lowest) = (used(&network), f64::INFINITY);
    for pass in 0..passes {
        for update in 1..=updates {
            let point = (pass * updates + update) as f32 / (passes * updates) as f32;
            let Stacked { lower, upper } = &mut network.cell;
            lower.upper.redraw(DROPPED, &mut rng)?;
            upper.upper.redraw(DROPPED, &mut rng)?;
            let mut trainer = Trainer::new(&mut *network, &mut work, config(adam(point)))?;
            progress.update(streams.update(&mut trainer)?);
        }
        let now = used(&network);
        let reached = now.perplexity_after(&[], valid);
        println!("pass {}: perplexity {reached:.3}, and it writes:\n{}\n", pass + 1, written(&*now, characters)?);
        if reached < lowest {
            (best, lowest) = (now, reached);
        }
    }
    progress.clear();
    Ok(best)
}

/// Returns the network without its dropout layers.
fn used(Network { cell, readout }: &Learner) -> Box<Net> {
    let cell = Stacked { lower: cell.lower.lower.clone(), upper: cell.upper.lower.clone() };
    Box::new(Network { cell, readout: readout.clone() })
}

/// Returns the optimizer at a point of the run, from 0 to 1.
fn adam(point: f32) -> Adam {
    let fallen = 0.5 + 0.5 * (std::f32::consts::PI * point).cos();
    Adam::new(RATE * fallen.max(0.01))
}

fn config<O: Optimizer<Scalar = f32>>(optimizer: O) -> Config<O> {
    let (steps, sequences) = (Reduction::Mean, Reduction::Mean);
    Config { optimizer, loss: CrossEntropy, clip: Clip::Norm(1.0), steps, sequences }
}
