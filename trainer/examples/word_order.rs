//! Word order: a language model should give a sentence a higher probability than its words in another order.
//!
//! The sentences are from a small English grammar of 43 words (`tasks::sentences`), in which verbs agree with nouns.
//! Each step is one of 48 tokens, and the next one is predicted. The networks are trained on 2000 sentences. On
//! 1000 other sentences, for each cell and seed, the program prints the perplexity and how often the network
//! finds a sentence more probable than its words shuffled, and than the sentence with subject and object
//! exchanged. Neither of these orders is grammatical. A bigram model is trained on the same sentences for
//! comparison.

use elman::vocabulary::{Encode, Vocabulary};
use elman::{
    Adam, Clip, Dense, Elman, Gru, Layer, Libm, Lstm, Network, Step, Token, Workspace, Xoshiro128, Zero, init,
};
use elman_trainer::fit::{Fit, Schedule, fit};
use elman_trainer::trials::{Failure, Share, verdict};
use elman_trainer::{Progress, ToNext, Trials};
use std::collections::HashSet;
use std::process::ExitCode;
use tasks::sentences::{LONGEST, Words, words};
use zerocopy::FromZeros;

const UNITS: usize = 32;
/// Largest number of different tokens: words and special tokens such as `<sos>` and `<eos>`.
const TOKENS: usize = 48;
/// Number of steps: `<sos>` and each word are read to predict the next token.
const STEPS: usize = LONGEST + 1;

type Text = ToNext<Token<TOKENS>>;

fn how<'a>() -> Fit<'a, Adam, STEPS, STEPS> {
    let (clip, schedule) = (Clip::Norm(1.0), Schedule::Linear);
    Fit { epochs: 2, batch: 4, clip, schedule, ..Fit::new(Adam::new(0.01)) }
}

fn main() -> Result<ExitCode, Failure> {
    let corpus = Corpus::draw(2000, 1000)?;
    let (learned, held_out) = (corpus.train.len(), corpus.held_out.len());
    println!("Which order of the words is a sentence? Trained on {learned} sentences, tested on {held_out} others.");
    let exchanged = corpus.held_out.iter().filter_map(|(_, _, exchanged)| exchanged.as_ref()).count();
    println!("In {exchanged} of those, exchanging subject and object breaks the agreement of the verbs.");
    let updates = how().updates(learned);
    let trials = Trials::new([("shuffled, %", 1), ("exchanged, %", 1), ("perplexity", 2)]);
    let train = |seed, progress: &_| learn::<Elman<TOKENS, UNITS>>(&corpus, seed, |_| {}, progress);
    let elman = trials.run("Elman", updates, train)?;
    let train = |seed, progress: &_| learn::<Gru<TOKENS, UNITS>>(&corpus, seed, |_| {}, progress);
    let gru = trials.run("GRU", updates, train)?;
    let open = |lstm: &mut _| init::forget_bias(lstm, 1.0);
    let train = |seed, progress: &_| learn::<Lstm<TOKENS, UNITS>>(&corpus, seed, open, progress);
    let lstm = trials.run("LSTM", updates, train)?;
    trials.baseline("bigrams", corpus.judge(bigrams(&corpus.train))?);
    Ok(verdict([("Elman", elman), ("GRU", gru), ("LSTM", lstm)].map(|(cell, figures)| {
        let kept = figures.iter().all(|[shuffled, exchanged, _]| *shuffled >= 95.0 && *exchanged >= 95.0);
        (
            format!(
                "{cell}: the sentence more probable than either other order in at least 95 % of cases, with every \
            seed"
            ),
            kept,
        )
    })))
}

/// Sentences as tokens, between `<sos>` and `<eos>`.
struct Corpus {
    train: Vec<Text>,
    /// Held-out sentences, each with two other orders: words shuffled, and subject and object exchanged, if possible.
    held_out: Vec<(Text, Text, Option<Text>)>,
}

impl Corpus {
    /// Draws the same sentences in every run; no held-out sentence is a training sentence.
    fn draw(train: usize, held_out: usize) -> Result<Self, Failure> {
        let mut vocabulary = Vocabulary::<TOKENS, 256>::new();
        words().try_for_each(|word| vocabulary.insert(word).map(drop))?;
        let encode = |words: &Words| -> Result<Text, Failure> {
            let how = Encode { sos: true, eos: true, ..Encode::PLAIN };
            Ok(ToNext { items: vocabulary.encode_words::<{ STEPS + 1 }>(&words.to_string(), how)?.to_vec() })
        };
        let mut rng = Xoshiro128::from_seed(0);
        let learned: Vec<_> = (0..train).map(|_| Words::draw(&mut rng)).collect();
        let seen: HashSet<_> = learned.iter().collect();
        let mut corpus = Self { train: learned.iter().map(encode).collect::<Result<_, _>>()?, held_out: Vec::new() };
        while corpus.held_out.len() < held_out {
            let sentence = Words::draw(&mut rng);
            if !seen.contains(&sentence) {
                let shuffled = sentence.shuffled(&mut rng).ok_or("no other order")?;
                let exchanged = sentence.exchanged().as_ref().map(encode).transpose()?;
                corpus.held_out.push((encode(&sentence)?, encode(&shuffled)?, exchanged));
            }
        }
        Ok(corpus)
    }

    /// Evaluates a model on the held-out sentences; `log_probability` returns ln P of a text.
    fn judge(&self, log_probability: impl Fn(&Text) -> Result<f64, Failure>) -> Result<[f64; 3], Failure> {
        let [mut shuffled, mut exchanged] = [Share::default(); 2];
        let (mut sum, mut tokens) = (0.0, 0);
        for (sentence, other, close) in &self.held_out {
            let right = log_probability(sentence)?;
            shuffled.add(right > log_probability(other)?);
            if let Some(close) = close {
                exchanged.add(right > log_probability(close)?);
            }
            sum += right;
            tokens += sentence.items.len() - 1;
        }
        Ok([shuffled.percent(), exchanged.percent(), (-sum / tokens as f64).exp()])
    }
}

/// Trains a network from initial weights adjusted by `open`; returns how often it prefers a sentence to its
/// shuffled words and to the sentence with subject and object exchanged, in percent, and its perplexity.
fn learn<C>(corpus: &Corpus, seed: u64, open: fn(&mut C), progress: &Progress) -> Result<[f64; 3], Failure>
where
    C: Layer<Token<TOKENS>, Scalar = f32, Output = [f32; UNITS]> + Step<Token<TOKENS>> + Zero,
    Workspace<Network<C, Dense<UNITS, TOKENS>>, Adam, STEPS, STEPS>: FromZeros,
{
    let mut network = Network::<C, Dense<UNITS, TOKENS>>::ZERO;
    init::orthogonal::<Libm<f32>, _>(&mut network, &mut Xoshiro128::from_seed(seed));
    open(&mut network.cell);
    fit(&mut network, &corpus.train, &[], &Fit { seed, progress: Some(progress), ..how() })?;
    corpus.judge(|text| Ok(network.log_probability(&text.items)?.into()))
}

/// Returns a function that computes ln P of a text from counts of token pairs, each increased by one.
fn bigrams(texts: &[Text]) -> impl Fn(&Text) -> Result<f64, Failure> {
    let mut counts = [[1.0; TOKENS]; TOKENS];
    for pair in texts.iter().flat_map(|text| text.items.windows(2)) {
        counts[pair[0].index()][pair[1].index()] += 1.0;
    }
    move |text| {
        let ln = |pair: &[Token<TOKENS>]| {
            let row = &counts[pair[0].index()];
            f64::ln(row[pair[1].index()] / row.iter().sum::<f64>())
        };
        Ok(text.items.windows(2).map(ln).sum())
    }
}
