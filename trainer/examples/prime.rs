//! Priming: a vector of four measurements is described in words.
//!
//! In one variant, the vector sets the initial state of the decoder through a cell that reads only the vector: h₀
//! = tanh(W v + b) for an Elman cell, a gated form of this equation for a GRU. In the other, the vector is
//! projected into the space of the word embeddings and read before `<sos>`, as in "Show and tell" (2015). The
//! networks are trained with teacher forcing on fresh vectors, then describe 2000 other vectors and 2000 vectors
//! whose captions were held out. For each of these two sets and each seed, the program prints the share of words,
//! including `<eos>`, that are correct and in the right position, and the share of captions that are entirely
//! correct.

use elman::{
    Adam, Clip, Config, Dense, Elman, Embedding, EncoderDecoder, Fast, Gru, Layer, Libm, Network, Projection,
    Reduction, Side, Stacked, Step, Token, Trainer, Vocabulary, Workspace, Xoshiro128, Zero, init,
};
use elman_trainer::pairs::{Pair, Score};
use elman_trainer::trials::{Failure, verdict};
use elman_trainer::{Progress, Trials};
use std::iter::repeat_with;
use std::process::ExitCode;
use tasks::Caption;
use tasks::captions::{LONGEST, MEASUREMENTS, WORDS};

/// Number of tokens: the four special ones and nine words.
const V: usize = 13;
const UNITS: usize = 32;
/// Size of a word embedding.
const E: usize = 8;
const TARGETS: usize = LONGEST + 1;
const STEPS: usize = 1 + TARGETS;
const UPDATES: usize = 10_000;
const BATCH: usize = 16;
const TESTS: usize = 2000;

type Words = Vocabulary<V, { WORDS.len() }>;
type Vector = [f32; MEASUREMENTS];
/// Variants in which the vector sets the initial state.
type ElmanState = EncoderDecoder<Elman<MEASUREMENTS, UNITS, Fast>, Elman<V, UNITS, Fast>>;
type GruState = EncoderDecoder<Gru<MEASUREMENTS, UNITS, Fast>, Gru<V, UNITS, Fast>>;
/// Variant in which the vector is read before the words.
type Read = Stacked<EncoderDecoder<Projection<MEASUREMENTS, E, Fast>, Embedding<V, E, Fast>>, Gru<E, UNITS, Fast>>;

fn main() -> Result<ExitCode, Failure> {
    let pairs = UPDATES * BATCH;
    println!("Captions of up to {LONGEST} words. Trained on {pairs} vectors, tested on {TESTS} others of each kind.");
    let trials = Trials::new([("words, %", 2), ("captions, %", 2), ("new: words, %", 2), ("captions, %", 2)]);
    trials.run("Elman, first state", UPDATES, learn::<ElmanState>)?;
    let gru = trials.run("GRU, first state", UPDATES, learn::<GruState>)?;
    let read = trials.run("GRU, read first", UPDATES, learn::<Read>)?;
    Ok(verdict([("GRU, first state", gru), ("GRU, read first", read)].map(|(name, figures)| {
        let kept = figures.iter().all(|[words, ..]| *words >= 99.0);
        (format!("{name}: at least 99 % of the words correct, with every seed"), kept)
    })))
}

/// Trains a network; returns the shares of correct words and captions in percent, first for other vectors, then for
/// held-out captions.
fn learn<C>(seed: u64, progress: &Progress) -> Result<[f64; 4], Failure>
where
    C: Layer<Side<Vector, Token<V>>, Scalar = f32, Output = [f32; UNITS]> + Step<Side<Vector, Token<V>>> + Zero,
{
    let mut words = Words::new();
    words.insert_words(WORDS)?;
    let mut rng = Xoshiro128::from_seed(seed);
    let mut network = Network::<C, Dense<UNITS, V>>::ZERO;
    init::orthogonal::<Libm<f32>, _>(&mut network, &mut rng);
    let mut work = Box::new(Workspace::<_, Adam, STEPS, TARGETS>::ZERO);
    for update in 0..UPDATES {
        let mut trainer = Trainer::new(&mut network, &mut work, config(update))?;
        let mut loss = 0.0;
        for _ in 0..BATCH {
            let pair = pair(&words, &draw(false, &mut rng))?.taught::<STEPS, TARGETS>(Words::MARKS)?;
            loss += trainer.accumulate(&mut C::State::ZERO.clone(), pair.inputs(), pair.targets())?;
        }
        trainer.apply()?;
        progress.update(f64::from(loss) / BATCH as f64);
    }
    let [known, new] = [false, true].map(|held_out| {
        let mut score = Score::default();
        for _ in 0..TESTS {
            score.add(&network, Words::MARKS, &pair(&words, &draw(held_out, &mut rng))?)?;
        }
        Ok::<_, Failure>(score)
    });
    let (known, new) = (known?, new?);
    Ok([known.tokens, known.whole, new.tokens, new.whole].map(|share| share.percent()))
}

/// Returns the configuration of an update. All captions have equal weight, regardless of their length; the
/// learning rate falls linearly towards 0. Gradients are summed over the batch, so the limit on their norm is the
/// size of the batch; Adam takes the same steps as from the mean.
fn config(update: usize) -> Config<Adam> {
    Config {
        clip: Clip::Norm(BATCH as f32),
        steps: Reduction::Mean,
        sequences: Reduction::Sum,
        ..Config::new(Adam::new(0.01 * (1.0 - update as f32 / UPDATES as f32)))
    }
}

/// Draws a vector whose caption is held out of training or, if `held_out` is `false`, one whose caption is not.
fn draw(held_out: bool, rng: &mut Xoshiro128) -> Caption {
    repeat_with(|| Caption::draw(rng)).find(|caption| caption.held_out() == held_out).expect("drawn until it is found")
}

fn pair(words: &Words, caption: &Caption) -> Result<Pair<Vector, V>, Failure> {
    let target = caption.words().map(|word| words.token(word)).collect::<Result<_, _>>()?;
    Ok(Pair { source: vec![caption.vector], target })
}
