//! Text, character by character, as in Karpathy's "The Unreasonable Effectiveness of Recurrent Neural Networks".
//!
//! `char_rnn [FILE] [PASSES]`: any text, else this project's own pages. Nine tenths are learned from, a twentieth chooses,
//! the last twentieth is read once, at the end. N-grams of every order up to 8 with three smoothings are counted first: the
//! baseline. Then a GRU of 128 units reads eight parts of the text side by side, and after each pass prints its perplexity
//! on what chooses, and what it writes; the pass with the lowest is kept. With `--prove` it fails where a promise is missed.

use elman::vocabulary::Vocabulary;
use elman::{Adam, Clip, Config, CrossEntropy, Dense, Fast, Gru, Libm, Network, Reduction, Sampler, Token, Trainer};
use elman::{Workspace, Xoshiro128, init};
use elman_trainer::data::text::Pieces;
use elman_trainer::language::{Counts, LanguageModel, Mixture, Ngrams, Smoothing, Streams, text};
use elman_trainer::trials::{Failure, verdict};
use elman_trainer::{Progress, zeroed};
use std::process::ExitCode;

/// Different characters, with the four special tokens; rarer ones are `<unk>`.
const SYMBOLS: usize = 80;
const UNITS: usize = 128;
/// Characters of a window, and parts of the text read side by side.
const STEPS: usize = 64;
const STREAMS: usize = 8;
const PASSES: usize = 9;
/// The learning rate of the first update; it falls to a hundredth as a cosine does.
const RATE: f32 = 0.004;

type Characters = Vocabulary<SYMBOLS, 320>;
type Net = Network<Gru<SYMBOLS, UNITS, Fast>, Dense<UNITS, SYMBOLS>>;
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
    let all = arguments.first().map_or_else(|| Ok(PAGES.to_owned()), std::fs::read_to_string)?;
    let passes = arguments.get(1).map_or(Ok(PASSES), |passes| passes.parse())?;
    let pieces = Pieces::Characters.of(&all);
    let characters: Characters = text::vocabulary(text::split(&pieces)[0].iter().copied());
    let tokens = text::tokens(&characters, pieces.into_iter());
    let [learned, valid, test] = text::split(&tokens);
    let known = tokens.iter().filter(|&&token| token != Characters::UNK).count();
    println!(
        "{} characters, {} different ones known, {} <unk>",
        tokens.len(),
        characters.words().count(),
        tokens.len() - known
    );
    println!("{} learned from, {} to choose by, {} held out to the end", learned.len(), valid.len(), test.len());

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
    println!("\nPerplexity of the {} characters held out; bits a character:", test.len());
    judge(&unigrams.to_string(), &unigrams, test);
    let counted = [&plain, &witten_bell, &kneser_ney].map(|model| judge(&model.to_string(), model, test));
    let learned = judge("GRU, 128 units", &*network, test);
    let mixed = judge("GRU and Kneser–Ney, half and half", &both, test);
    if flags.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    Ok(verdict([
        ("the GRU is better than the best n-grams with add-k smoothing".into(), learned < counted[0]),
        ("the GRU is better than the best n-grams with Witten–Bell smoothing".into(), learned < counted[1]),
        ("with Kneser–Ney's, the strongest, it is better than either alone".into(), mixed < learned.min(counted[2])),
    ]))
}

/// Prints and returns the perplexity.
fn judge(name: &str, model: &impl LanguageModel<SYMBOLS>, test: &Tokens) -> f64 {
    let perplexity = model.perplexity_after(&[], test);
    println!("  {name:36} {perplexity:7.3}  {:6.3}", perplexity.log2());
    perplexity
}

/// 300 characters that a model draws after a line's end.
fn written(model: &impl LanguageModel<SYMBOLS>, characters: &Characters) -> Result<String, Failure> {
    let start = model.after(&[characters.token_or_unk("\n")]);
    let drawn = model.generate_after(start, Sampler::temperature(0.9)?, Xoshiro128::from_seed(1));
    Ok(characters.decode_chars(&drawn.take(300).collect::<Vec<_>>()).to_string())
}

/// The network as it was after the pass with the lowest perplexity on what chooses.
fn train(characters: &Characters, [learned, valid]: [&Tokens; 2], passes: usize) -> Result<Box<Net>, Failure> {
    let mut network = zeroed::<Net>();
    let mut work = zeroed::<Workspace<Net, Adam, STEPS, STEPS>>();
    init::orthogonal::<Libm<f32>, _>(&mut *network, &mut Xoshiro128::from_seed(0));
    let mut streams = Streams::new(learned, STREAMS);
    let updates = streams.updates(STEPS);
    let progress = Progress::new(passes * updates);
    let (mut best, mut lowest) = (network.clone(), f64::INFINITY);
    for pass in 0..passes {
        for update in 1..=updates {
            let point = (pass * updates + update) as f32 / (passes * updates) as f32;
            let mut trainer = Trainer::new(&mut *network, &mut work, config(point))?;
            progress.update(streams.update(&mut trainer)?);
        }
        let reached = network.perplexity_after(&[], valid);
        println!("pass {}: perplexity {reached:.3}, and it writes:\n{}\n", pass + 1, written(&*network, characters)?);
        if reached < lowest {
            (best, lowest) = (network.clone(), reached);
        }
    }
    progress.clear();
    Ok(best)
}

/// At a point of the run from 0 to 1.
fn config(point: f32) -> Config<Adam> {
    let fallen = 0.5 + 0.5 * (std::f32::consts::PI * point).cos();
    Config {
        optimizer: Adam::new(RATE * fallen.max(0.01)),
        loss: CrossEntropy,
        clip: Clip::Norm(1.0),
        steps: Reduction::Mean,
        sequences: Reduction::Mean,
    }
}
