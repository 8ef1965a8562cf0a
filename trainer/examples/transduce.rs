//! Transduction: a string becomes another of a different length; turned round, expanded, contracted.
//!
//! An encoder–decoder of two LSTMs. A token of 19 a step, of the source, then of the target. Learned with teacher forcing from
//! fresh strings; then asked for 2000 that were kept from training. What is written goes on from what was written before, the
//! most probable token each time. Prints the share of tokens, `<eos>` included, that stand where they should, and of strings
//! that are right as a whole, with each seed.

use elman::vocabulary::Encode;
use elman::{Dense, EncoderDecoder, Fast, Libm, Lstm, Network, Vocabulary, Xoshiro128, Zero, init};
use elman_trainer::pairs::{Pair, Score, train};
use elman_trainer::trials::{Failure, verdict};
use elman_trainer::{Plan, Progress, Trials};
use std::iter::repeat_with;
use std::process::ExitCode;
use tasks::Transduction::{self, Contraction, Expansion, Reversal};
use tasks::transduce::{LONGEST, SYMBOLS, Strings};

/// The special tokens and 15 symbols.
const V: usize = 4 + SYMBOLS.len();
const UNITS: usize = 64;
const TARGETS: usize = LONGEST + 1;
const STEPS: usize = LONGEST + TARGETS;
const BATCH: usize = 16;
const TESTS: usize = 2000;

type Symbols = Vocabulary<V, { SYMBOLS.len() }>;
type Net = Network<EncoderDecoder<Lstm<V, UNITS, Fast>, Lstm<V, UNITS, Fast>>, Dense<UNITS, V>>;

fn main() -> Result<ExitCode, Failure> {
    println!("Strings of up to {LONGEST} symbols, {TESTS} of them kept from training for the test.");
    let trials = Trials::new([("tokens, %", 2), ("strings, %", 2)]);
    let mut promises = Vec::new();
    for (name, rule, updates) in
        [("reversal", Reversal, 3000), ("expansion", Expansion, 4000), ("contraction", Contraction, 5000)]
    {
        let plan = Plan { updates, batch: BATCH, rate: 0.01, clip: 1.0 };
        let figures = trials.run(name, updates, |seed, progress| learn(rule, plan, seed, progress))?;
        let kept = figures.iter().all(|[tokens, _]| *tokens >= 99.0);
        promises.push((format!("{name}: at least 99 % of the tokens, with every seed"), kept));
    }
    Ok(verdict(promises))
}

/// Trains a network; returns its figures.
fn learn(rule: Transduction, plan: Plan, seed: u64, progress: &Progress) -> Result<[f64; 2], Failure> {
    let mut symbols = Symbols::new();
    symbols.insert_chars(SYMBOLS)?;
    let mut rng = Xoshiro128::from_seed(seed);
    let mut network = Net::ZERO;
    init::orthogonal::<Libm<f32>, _>(&mut network, &mut rng);
    init::forget_bias(&mut network.cell.encoder, 1.0);
    init::forget_bias(&mut network.cell.decoder, 1.0);
    let fresh = || pair(rule, &symbols, &draw(rule, false, &mut rng));
    train::<_, _, UNITS, V, STEPS, TARGETS>(&mut network, (plan, Symbols::MARKS), fresh, progress)?;
    let mut score = Score::default();
    for _ in 0..TESTS {
        let pair = pair(rule, &symbols, &draw(rule, true, &mut rng))?;
        score.add(&network, Symbols::MARKS, &pair)?;
    }
    Ok([score.tokens.percent(), score.whole.percent()])
}

/// Strings that are kept from training, or strings that are not.
fn draw(rule: Transduction, held_out: bool, rng: &mut Xoshiro128) -> Strings {
    repeat_with(|| rule.draw(rng)).find(|strings| strings.held_out() == held_out).expect("drawn until it is found")
}

/// As tokens. Runs are read from the end, so that the first to be written is the last that was read: Sutskever, Vinyals and
/// Le (2014) found that to be learned better. A string to be turned round is so as it stands.
fn pair(rule: Transduction, symbols: &Symbols, strings: &Strings) -> Result<Pair<elman::Token<V>, V>, Failure> {
    let mut source = symbols.encode_chars::<LONGEST>(&strings.source, Encode::PLAIN)?;
    let target = symbols.encode_chars::<LONGEST>(&strings.target, Encode::PLAIN)?;
    if rule != Reversal {
        source.reverse();
    }
    Ok(Pair { source: source.to_vec(), target: target.to_vec() })
}
