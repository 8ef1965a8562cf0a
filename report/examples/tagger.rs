//! Labelling that depends on the words to the right: is "rose" the name of a person?
//!
//! In the sentences of [`tasks::teddy`], each step is one of 32 tokens and has one of 2 classes. A tagger is an
//! embedding of 8 values, a GRU and a linear read-out; the GRU reads from left to right (16 units) or in both
//! directions (8 units each). Both taggers are trained on fresh sentences. The example prints a few other
//! sentences as each tagger would write them, with a capital for each word that it labels as a name.
//!
//! `tagger report FILE` writes a page about the tagger that reads in both directions. `tagger seeds` prints, for
//! five seeds of each tagger, the accuracy on 2000 other sentences: on the words that may be names, where a
//! tagger that reads from left to right can only guess, and on all words.

use elman::dense::LearnedReadout;
use elman::{Adam, Bidirectional, Class, Clip, Dense, Embedding, Gru, Layer, Libm, Network, Reader};
use elman::{Stacked, Workspace, Xoshiro128, Zero, init};
use elman_report::{Names, report_named};
use elman_trainer::fit::{Drawn, Fit, Schedule, fit};
use elman_trainer::trials::{Failure, Share, verdict};
use elman_trainer::{Progress, ToEach, Trials};
use std::cmp::Reverse;
use std::env;
use std::process::ExitCode;
use tasks::Teddy;
use tasks::teddy::{WORDS, Word};
use zerocopy::FromZeros;

const T: usize = Teddy::LONGEST;
const SENTENCES: usize = 4800;
const TESTS: usize = 2000;

type Words = Embedding<32, 8>;
type ToTheRight = Stacked<Words, Gru<8, 16>>;
type BothWays = Stacked<Words, Bidirectional<Gru<8, 8>>>;
type Tagger<C> = Network<C, Dense<16, 2>>;

fn how<'a>() -> Fit<'a, Adam, T, T> {
    let (clip, schedule) = (Clip::Norm(1.0), Schedule::Linear);
    Fit { epochs: 1, batch: 8, clip, schedule, ..Fit::new(Adam::new(0.02)) }
}

fn main() -> Result<ExitCode, Failure> {
    let words: Vec<String> = env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => show(),
        ["report", file] => page(file),
        ["seeds"] => seeds(),
        _ => Err("expected no argument, report FILE, or seeds".into()),
    }
}

/// Trains both taggers with one seed and prints a few sentences.
fn show() -> Result<ExitCode, Failure> {
    println!("Is it a name? Training on {SENTENCES} sentences, once from left to right, once in both directions.\n");
    let progress = Progress::new(2 * how().updates(SENTENCES));
    let right = learn::<ToTheRight>(0, &progress)?;
    let both = learn::<BothWays>(0, &progress)?;
    progress.finish();
    let mut rng = Xoshiro128::from_seed(1);
    for _ in 0..6 {
        let sentence = Teddy::draw(&mut rng);
        println!("\n  left to right    {}", written(&right, &sentence)?);
        println!("  both directions  {}", written(&both, &sentence)?);
    }
    let [right, both] = [judge(&right)?, judge(&both)?].map(|[names, _]| names);
    println!(
        "\nAccuracy on words that may be names, in {TESTS} sentences: {right:.1} % from left to right, {both:.1} % in both directions."
    );
    Ok(ExitCode::SUCCESS)
}

/// Writes a page about the tagger that reads in both directions, with the longest sentences first.
fn page(file: &str) -> Result<ExitCode, Failure> {
    let progress = Progress::new(how().updates(SENTENCES));
    let tagger = learn::<BothWays>(0, &progress)?;
    progress.finish();
    let mut rng = Xoshiro128::from_seed(1);
    let mut sentences: Vec<_> = (0..TESTS).map(|_| sample(&Teddy::draw(&mut rng))).collect();
    sentences.sort_by_key(|sentence| Reverse(sentence.inputs.len()));
    let classes = ["not a name", "a name"].map(String::from).to_vec();
    let symbols = WORDS.iter().map(|word| format!("{word} ")).collect();
    report_named(&tagger, &sentences, &Names { classes, symbols }).titled("Is it a name?").write(file)?;
    println!("wrote {file}");
    Ok(ExitCode::SUCCESS)
}

/// Prints the results of both taggers with five seeds, and checks the promised accuracy.
fn seeds() -> Result<ExitCode, Failure> {
    let trials = Trials::new([("names, %", 2), ("all words, %", 2)]);
    let updates = how().updates(SENTENCES);
    trials.run("GRU left to right", updates, |seed, progress| judge(&learn::<ToTheRight>(seed, progress)?))?;
    let both =
        trials.run("GRU both directions", updates, |seed, progress| judge(&learn::<BothWays>(seed, progress)?))?;
    trials.baseline("a guess", [50.0, f64::NAN]);
    let kept = both.iter().all(|[names, _]| *names >= 99.0);
    Ok(verdict([(
        "both directions: at least 99 % of the words that may be names correct with every seed".to_string(),
        kept,
    )]))
}

/// Trains a tagger with this seed.
fn learn<C>(seed: u64, progress: &Progress) -> Result<Tagger<C>, Failure>
where
    C: Layer<Word, Scalar = f32> + Zero,
    Dense<16, 2>: LearnedReadout<C::Output, Scalar = f32, Output = [f32; 2]>,
    Workspace<Tagger<C>, Adam, T, T>: FromZeros,
{
    let mut network = Tagger::<C>::ZERO;
    init::orthogonal::<Libm<f32>, _>(&mut network, &mut Xoshiro128::from_seed(seed));
    let sentences = Drawn { count: SENTENCES, draw: |rng: &mut Xoshiro128| sample(&Teddy::draw(rng)) };
    fit(&mut network, &sentences, &[], &Fit { seed, progress: Some(progress), ..how() })?;
    Ok(network)
}

fn sample(sentence: &Teddy) -> ToEach<Word, Class<2>> {
    ToEach { inputs: sentence.words().to_vec(), targets: sentence.labels().to_vec() }
}

/// Returns the tagger's label for each word.
fn labels<C>(tagger: &Tagger<C>, sentence: &Teddy) -> Result<Vec<Class<2>>, Failure>
where
    C: Layer<Word, Scalar = f32>,
    Dense<16, 2>: LearnedReadout<C::Output, Scalar = f32, Output = [f32; 2]>,
{
    let mut labels = vec![Class::default(); sentence.words().len()];
    let mut reader = Reader::<_, T>::ZERO;
    reader.on(tagger).label(sentence.words(), &mut labels)?;
    Ok(labels)
}

/// Returns the sentence with its first word, and every word labelled as a name, capitalised.
fn written<C>(tagger: &Tagger<C>, sentence: &Teddy) -> Result<String, Failure>
where
    C: Layer<Word, Scalar = f32>,
    Dense<16, 2>: LearnedReadout<C::Output, Scalar = f32, Output = [f32; 2]>,
{
    let labels = labels(tagger, sentence)?;
    let text = sentence.to_string();
    let words = text.split(' ').zip(&labels).enumerate().map(|(place, (word, label))| {
        let (first, rest) = word.split_at(1);
        if place == 0 || label.index() == 1 { first.to_uppercase() + rest } else { word.to_string() }
    });
    Ok(words.collect::<Vec<_>>().join(" ") + ".")
}

/// Returns the accuracy on fresh sentences, in percent: on the words that may be names, and on all words.
fn judge<C>(tagger: &Tagger<C>) -> Result<[f64; 2], Failure>
where
    C: Layer<Word, Scalar = f32>,
    Dense<16, 2>: LearnedReadout<C::Output, Scalar = f32, Output = [f32; 2]>,
{
    let (mut names, mut all, mut rng) = (Share::default(), Share::default(), Xoshiro128::from_seed(1000));
    for _ in 0..TESTS {
        let sentence = Teddy::draw(&mut rng);
        let labels = labels(tagger, &sentence)?;
        for ((&word, label), answer) in sentence.words().iter().zip(sentence.labels()).zip(&labels) {
            all.add(answer == label);
            if Teddy::is_ambiguous(word) {
                names.add(answer == label);
            }
        }
    }
    Ok([names.percent(), all.percent()])
}
