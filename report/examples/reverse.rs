//! Reverse: an encoder–decoder reads a string and writes it reversed.
//!
//! The network has two LSTMs. The second starts from the final state of the first, so this state must hold the
//! whole string. Each step is one of 19 tokens, first of the source, then of the target. The network is trained
//! with teacher forcing on fresh strings. In the test, on held-out strings, it reads its own output instead,
//! always the most probable token.
//!
//! `reverse FILE` saves the run to that file after each epoch and at Ctrl-C, and continues from it with the same
//! bits. `reverse report FILE` writes a page about the trained network. `reverse seeds` prints the results of
//! five seeds for each of three tasks (reversing, expanding and contracting strings): the percentages of correct
//! tokens, including `<eos>`, and of completely correct strings.

use elman::vocabulary::Encode;
use elman::{Adam, Clip, Dense, EncoderDecoder, Fast, Libm, Lstm, Network, Sampler, Token};
use elman::{Vocabulary, Xoshiro128, Zero, init};
use elman_report::{Names, report_named};
use elman_trainer::fit::{Drawn, Fit, Outcome, Schedule, fit};
use elman_trainer::pairs::{Pair, Score};
use elman_trainer::trials::{Failure, verdict};
use elman_trainer::{Progress, Trials, interrupt};
use std::env;
use std::iter::repeat_with;
use std::path::Path;
use std::process::ExitCode;
use tasks::Transduction::{self, Contraction, Expansion, Reversal};
use tasks::transduce::{LONGEST, SYMBOLS, Strings};

/// Number of tokens: the special tokens and 15 symbols.
const V: usize = 4 + SYMBOLS.len();
const UNITS: usize = 64;
const TARGETS: usize = LONGEST + 1;
const STEPS: usize = LONGEST + TARGETS;
const TESTS: usize = 2000;
/// Number of strings in an epoch.
const COUNT: usize = 1600;
type Symbols = Vocabulary<V, { SYMBOLS.len() }>;
type Net = Network<EncoderDecoder<Lstm<V, UNITS, Fast>, Lstm<V, UNITS, Fast>>, Dense<UNITS, V>>;

fn how<'a>(epochs: usize) -> Fit<'a, Adam, STEPS, TARGETS> {
    let (clip, schedule) = (Clip::Norm(1.0), Schedule::Linear);
    Fit { epochs, batch: 16, clip, schedule, ..Fit::new(Adam::new(0.01)) }
}

fn main() -> Result<ExitCode, Failure> {
    let words: Vec<String> = env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => show(None),
        ["report", file] => page(file),
        ["seeds"] => seeds(),
        [file] => show(Some(Path::new(file))),
        _ => Err("expected no argument, FILE, report FILE, or seeds".into()),
    }
}

/// Trains on reversal with one seed and prints a few answers.
fn show(checkpoint: Option<&Path>) -> Result<ExitCode, Failure> {
    println!("Learning to reverse strings of up to {LONGEST} letters.\n");
    let (symbols, mut network) = (symbols()?, start(0));
    let how = how(30);
    let progress = Progress::new(how.updates(COUNT));
    let how = Fit { checkpoint, stop: Some(interrupt::flag()), progress: Some(&progress), ..how };
    let fitted = learn(&mut network, (Reversal, &symbols), &how);
    progress.finish();
    if fitted? == Outcome::Interrupted {
        let kept =
            checkpoint.map_or("nothing was saved".into(), |file| format!("{} continues the run", file.display()));
        println!("\nInterrupted: {kept}.");
        return Ok(interrupt::EXIT_CODE.into());
    }
    println!();
    let mut rng = Xoshiro128::from_seed(1);
    for _ in 0..8 {
        let strings = draw(Reversal, true, &mut rng);
        let pair = pair(Reversal, &symbols, &strings)?;
        let written = network.translate(&pair.source, Symbols::MARKS, Sampler::GREEDY, &mut rng, TARGETS)?;
        let written = symbols.decode_chars(&written.collect::<Result<Vec<_>, _>>()?).to_string();
        let remark = if written == strings.target[..] { "" } else { "  wrong" };
        println!("  {:>LONGEST$}  {written:LONGEST$}{remark}", strings.source);
    }
    let [_, whole] = judge(&network, (Reversal, &symbols), 0)?;
    println!("\nOf {TESTS} unseen strings, {whole:.1} % are written without a mistake.");
    Ok(ExitCode::SUCCESS)
}

/// Trains on reversal and writes a page about held-out strings, which are read with teacher forcing.
fn page(file: &str) -> Result<ExitCode, Failure> {
    let (symbols, mut network, how) = (symbols()?, start(0), how(30));
    let progress = Progress::new(how.updates(COUNT));
    learn(&mut network, (Reversal, &symbols), &Fit { progress: Some(&progress), ..how })?;
    progress.finish();
    let mut rng = Xoshiro128::from_seed(1);
    let taught =
        |_| pair(Reversal, &symbols, &draw(Reversal, true, &mut rng))?.taught::<STEPS, TARGETS>(Symbols::MARKS);
    let strings = (0..TESTS).map(taught).collect::<Result<Vec<_>, _>>()?;
    let names = Names { symbols: symbols.iter().map(|(_, text)| text.to_string()).collect(), ..Names::default() };
    report_named(&network, &strings, &names).titled("Reversed strings").write(file)?;
    println!("wrote {file}");
    Ok(ExitCode::SUCCESS)
}

/// Prints the results of five seeds for each task, and checks the promised accuracy.
fn seeds() -> Result<ExitCode, Failure> {
    println!("Strings of up to {LONGEST} symbols; {TESTS} held-out strings for the test.");
    let trials = Trials::new([("tokens, %", 2), ("strings, %", 2)]);
    let symbols = symbols()?;
    let mut promises = Vec::new();
    for (name, rule, epochs) in
        [("reversal", Reversal, 30), ("expansion", Expansion, 40), ("contraction", Contraction, 50)]
    {
        let how = how(epochs);
        let figures = trials.run(name, how.updates(COUNT), |seed, progress| {
            let mut network = start(seed);
            learn(&mut network, (rule, &symbols), &Fit { seed, progress: Some(progress), ..how })?;
            judge(&network, (rule, &symbols), seed)
        })?;
        let kept = figures.iter().all(|[tokens, _]| *tokens >= 99.0);
        promises.push((format!("{name}: at least 99 % of the tokens correct with every seed"), kept));
    }
    Ok(verdict(promises))
}

fn symbols() -> Result<Symbols, Failure> {
    let mut symbols = Symbols::new();
    symbols.insert_chars(SYMBOLS)?;
    Ok(symbols)
}

/// Returns a network with initial weights drawn from a seed.
fn start(seed: u64) -> Net {
    let mut network = Net::ZERO;
    init::orthogonal::<Libm<f32>, _>(&mut network, &mut Xoshiro128::from_seed(seed));
    init::forget_bias(&mut network.cell.encoder, 1.0);
    init::forget_bias(&mut network.cell.decoder, 1.0);
    network
}

fn learn(
    network: &mut Net,
    (rule, symbols): (Transduction, &Symbols),
    how: &Fit<'_, Adam, STEPS, TARGETS>,
) -> Result<Outcome, Failure> {
    let sample = |rng: &mut _| pair(rule, symbols, &draw(rule, false, rng))?.taught::<STEPS, TARGETS>(Symbols::MARKS);
    let fresh = Drawn { count: COUNT, draw: |rng: &mut _| sample(rng).expect("strings of known symbols fit") };
    Ok(fit(network, &fresh, &[], how)?.outcome)
}

/// Returns the percentages of correct tokens and of correct strings in a test on held-out strings.
fn judge(network: &Net, (rule, symbols): (Transduction, &Symbols), seed: u64) -> Result<[f64; 2], Failure> {
    let (mut score, mut rng) = (Score::default(), Xoshiro128::from_seed(1000 + seed));
    for _ in 0..TESTS {
        score.add(network, Symbols::MARKS, &pair(rule, symbols, &draw(rule, true, &mut rng))?)?;
    }
    Ok([score.tokens.percent(), score.whole.percent()])
}

/// Draws a string that is held out of training or, if `held_out` is `false`, one that is not.
fn draw(rule: Transduction, held_out: bool, rng: &mut Xoshiro128) -> Strings {
    repeat_with(|| rule.draw(rng)).find(|strings| strings.held_out() == held_out).expect("the draws never end")
}

/// Encodes a pair of strings. The source is read from its end, so that the symbol to be written first is the one
/// read last: Sutskever, Vinyals and Le (2014) found this easier to learn. For reversal, the source is in this
/// order already.
fn pair(rule: Transduction, symbols: &Symbols, strings: &Strings) -> Result<Pair<Token<V>, V>, Failure> {
    let mut source = symbols.encode_chars::<LONGEST>(&strings.source, Encode::PLAIN)?;
    let target = symbols.encode_chars::<LONGEST>(&strings.target, Encode::PLAIN)?;
    if rule != Reversal {
        source.reverse();
    }
    Ok(Pair { source: source.to_vec(), target: target.to_vec() })
}
