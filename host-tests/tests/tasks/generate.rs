//! Generation: token by token according to the probabilities; a text and a set of words are learned and reproduced.

use elman::vocabulary::Encode;
use elman::{
    Adam, Clip, Config, Dense, Each, Elman, Libm, Math, Network, Parameters, Random, Sampler, SequenceError, Token,
    Trainer, Vocabulary, Workspace, Xoshiro128, Zero, init,
};
use host_tests::plain::{argmax, drawn};
use host_tests::{Noise, Precision};
use std::collections::BTreeMap;

type Net<T, const V: usize, const H: usize> = Network<Elman<V, H, Libm<T>>, Dense<H, V, T>>;

/// Generator that a greedy choice must not use.
struct Never;

impl Random for Never {
    fn next_u32(&mut self) -> u32 {
        panic!("a greedy choice draws nothing")
    }
}

fn all<const V: usize>(
    tokens: impl Iterator<Item = Result<Token<V>, SequenceError>>,
) -> Result<Vec<Token<V>>, SequenceError> {
    tokens.collect()
}

/// Checks that greedy tokens are the most probable ones after each prefix.
fn greedy<T: Precision, const V: usize, const H: usize>(seed: u64)
where
    Libm<T>: Math<Scalar = T>,
{
    let network: Net<T, V, H> = drawn(seed, 4.0);
    for length in [1, 2, 9] {
        let start = Noise(seed + 1).classes::<V>(length);
        let mut text = start.clone();
        for _ in 0..20 {
            text.push(argmax(&network.probabilities(&text).unwrap()));
        }
        let found = all(network.generate(&start, Sampler::GREEDY, Never, 20, None).unwrap()).unwrap();
        assert_eq!(found, text[length..]);
    }
}

#[test]
fn greedy_tokens_are_the_most_probable() {
    greedy::<f32, 6, 5>(1);
    greedy::<f32, 31, 8>(2);
    greedy::<f32, 1, 1>(3);
    greedy::<f64, 6, 5>(4);
    greedy::<f64, 2, 1>(5);
}

/// Checks that sampled tokens equal those of a sampler called step by step.
fn sampled<T: Precision, const V: usize, const H: usize>(sampler: Sampler<T>)
where
    Libm<T>: Math<Scalar = T>,
{
    let network: Net<T, V, H> = drawn(6, 4.0);
    let start = Noise(7).classes::<V>(3);
    let (mut a, mut b) = (Xoshiro128::from_seed(8), Xoshiro128::from_seed(8));
    let (mut state, mut logits, mut want) = ([T::ZERO; H], [T::ZERO; V], Vec::new());
    start.iter().for_each(|x| logits = network.step(&mut state, x));
    for _ in 0..50 {
        let token = sampler.sample::<Libm<T>, V>(&logits, &mut a);
        logits = network.step(&mut state, &token);
        want.push(token);
    }
    assert_eq!(all(network.generate(&start, sampler, &mut b, 50, None).unwrap()).unwrap(), want);
    assert_eq!(a, b, "the caller's generator went on as far");
}

#[test]
fn sampled_tokens_are_the_samplers() {
    sampled::<f32, 7, 5>(Sampler::temperature(1.0).unwrap());
    sampled::<f32, 7, 5>(Sampler::top_k(2, 0.5).unwrap());
    sampled::<f64, 7, 5>(Sampler::top_k(3, 2.0).unwrap());
}

#[test]
fn one_seed_gives_one_text() {
    let network: Net<f32, 9, 5> = drawn(6, 4.0);
    let text = |seed| {
        let sampler = Sampler::temperature(1.0).unwrap();
        all(network.generate(&[Token::default()], sampler, Xoshiro128::from_seed(seed), 100, None).unwrap()).unwrap()
    };
    assert_eq!(text(1), text(1));
    assert_ne!(text(1), text(2));
}

#[test]
fn the_limit_and_the_stop_token_end_it() {
    let network: Net<f32, 5, 4> = drawn(9, 1.0);
    let sampler = Sampler::temperature(1.0).unwrap();
    let start = [Token::new(1).unwrap()];
    let text = |limit, stop| {
        let mut rng = Xoshiro128::from_seed(10);
        let tokens = network.generate(&start, sampler, &mut rng, limit, stop).unwrap();
        assert_eq!(tokens.size_hint(), (0, Some(limit)));
        all(tokens).unwrap()
    };
    let free = text(60, None);
    assert_eq!(free.len(), 60);
    assert!(Token::<5>::all().all(|token| free.contains(&token)), "every token can end it");
    for limit in [0, 1, 2, 59] {
        assert_eq!(text(limit, None), free[..limit]);
    }
    for stop in Token::all() {
        let end = free.iter().position(|&token| token == stop).unwrap();
        assert_eq!(text(60, Some(stop)), free[..end], "nothing from the stop token on");
        assert_eq!(text(end, Some(stop)), free[..end]);
    }
}

#[test]
fn an_end_is_an_end() {
    let network = Net::<f32, 3, 2>::ZERO;
    let first = Token::new(0).unwrap();
    let mut tokens = network.generate(&[first], Sampler::GREEDY, Never, 5, Some(first)).unwrap();
    assert_eq!([tokens.next(), tokens.next(), tokens.next()], [None; 3]);
    let mut tokens = network.generate(&[first], Sampler::GREEDY, Never, 1, None).unwrap();
    assert_eq!([tokens.next(), tokens.next(), tokens.next()], [Some(Ok(first)), None, None]);
}

#[test]
fn an_empty_seed_is_refused() {
    let network = Net::<f32, 3, 2>::ZERO;
    assert_eq!(
        network.generate::<Token<3>, _, 3>(&[], Sampler::GREEDY, Never, 5, None).err(),
        Some(SequenceError::Empty)
    );
}

#[test]
fn outputs_that_are_not_finite_are_an_error_and_the_end() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let mut network = Net::<f32, 3, 2>::ZERO;
        network.readout.b[1] = bad;
        let mut tokens = network.generate(&[Token::default(); 4], Sampler::GREEDY, Never, 5, None).unwrap();
        assert_eq!(tokens.next(), Some(Err(SequenceError::NonFiniteOutput { step: 3 })));
        assert_eq!([tokens.next(), tokens.next()], [None; 2]);
    }
}

#[test]
fn the_step_of_an_error_counts_from_the_seeds_start() {
    let mut network = Net::<f32, 3, 1>::ZERO;
    network.readout.b = [0.0, 1.0, 0.0];
    network.cell.affine.w_ih[1] = [[f32::NAN]];
    let mut tokens = network.generate(&[Token::default(); 4], Sampler::GREEDY, Never, 5, None).unwrap();
    assert_eq!(tokens.next(), Some(Ok(Token::new(1).unwrap())));
    assert_eq!(tokens.next(), Some(Err(SequenceError::NonFiniteOutput { step: 4 })));
    assert_eq!(tokens.next(), None);
}

const SYMBOLS: usize = 24;
type Letters = Vocabulary<SYMBOLS, 64>;
type Writer = Network<Elman<SYMBOLS, 32>, Dense<32, SYMBOLS>>;

/// Encodes a text as `<sos>`, its letters and `<eos>`.
fn encode(vocabulary: &Letters, text: &str) -> Vec<Token<SYMBOLS>> {
    let how = Encode { sos: true, eos: true, ..Encode::PLAIN };
    vocabulary.encode_chars::<64>(text, how).unwrap().to_vec()
}

fn start<N: Parameters<Scalar = f32> + Zero>(seed: u64) -> N {
    let mut network = N::ZERO;
    init::uniform_fan::<Libm<f32>, _>(&mut network, &mut Xoshiro128::from_seed(seed));
    network
}

/// Trains with one update per text to predict each next token.
fn learn<const L: usize>(texts: &[Vec<Token<SYMBOLS>>], passes: usize) -> Writer {
    let mut network: Writer = start(11);
    let mut workspace = Box::new(Workspace::<Writer, Adam, L, L>::ZERO);
    let config = Config { clip: Clip::Norm(1.0), ..Config::new(Adam::new(0.005)) };
    let mut trainer = Trainer::new(&mut network, &mut workspace, config).unwrap();
    let (mut texts, mut rng) = (texts.to_vec(), Xoshiro128::from_seed(12));
    for _ in 0..passes {
        rng.shuffle(&mut texts);
        for text in &texts {
            trainer.update(&text[..text.len() - 1], Each(&text[1..])).unwrap();
        }
    }
    network
}

/// After reading a sentence 300 times, 32 units write it, although the next letter depends on more than the last
/// one.
#[test]
fn a_sentence_is_written_again() {
    const TEXT: &str = "hello world, the network learns to write";
    let mut vocabulary = Letters::new();
    vocabulary.insert_chars(TEXT).unwrap();
    let tokens = encode(&vocabulary, TEXT);
    let network = learn::<41>(core::slice::from_ref(&tokens), 300);
    println!("perplexity {}", network.perplexity(&tokens).unwrap());
    let written = network.generate(&[Letters::SOS], Sampler::GREEDY, Never, 100, Some(Letters::EOS)).unwrap();
    assert_eq!(vocabulary.decode_chars(&all(written).unwrap()).to_string(), TEXT);
    let written = network.generate(&tokens[..20], Sampler::GREEDY, Never, 100, Some(Letters::EOS)).unwrap();
    assert_eq!(all(written).unwrap(), tokens[20..tokens.len() - 1], "a longer seed is continued");
}

const WORDS: [&str; 8] = ["red", "green", "blue", "grey", "brown", "black", "white", "pink"];

/// At temperature 1, a network trained on the words writes all of them, and little else.
#[test]
fn words_are_written_in_their_proportion() {
    let mut vocabulary = Letters::new();
    WORDS.iter().for_each(|word| vocabulary.insert_chars(word).unwrap());
    let texts = WORDS.map(|word| encode(&vocabulary, word));
    let network = learn::<6>(&texts, 400);
    let (mut rng, mut counts) = (Xoshiro128::from_seed(13), BTreeMap::<String, usize>::new());
    let sampler = Sampler::temperature(1.0).unwrap();
    for _ in 0..800 {
        let word = network.generate(&[Letters::SOS], sampler, &mut rng, 20, Some(Letters::EOS)).unwrap();
        *counts.entry(vocabulary.decode_chars(&all(word).unwrap()).to_string()).or_default() += 1;
    }
    let known: Vec<usize> = WORDS.iter().map(|&word| counts.get(word).copied().unwrap_or(0)).collect();
    println!("{:?} of each word, {} others", known, 800 - known.iter().sum::<usize>());
    // 100 of each are expected, with a standard deviation of 9.4; five of these are allowed either way.
    assert!(known.iter().all(|&count| (53..=147).contains(&count)));
    assert!(known.iter().sum::<usize>() >= 784, "98 % are words");
}

/// Truncated BPTT over an endless text, in windows of 5 that do not fit its period of 6.
#[test]
fn hello_goes_on_for_ever() {
    let mut vocabulary = Letters::new();
    vocabulary.insert_chars("hello ").unwrap();
    let stream: Vec<_> = vocabulary.encode_chars::<64>(&"hello ".repeat(10), Encode::PLAIN).unwrap().to_vec();
    let mut network: Writer = start(14);
    let mut workspace = Box::new(Workspace::<Writer, Adam, 5, 5>::ZERO);
    let mut trainer = Trainer::new(&mut network, &mut workspace, Config::new(Adam::new(0.01))).unwrap();
    let mut state = [0.0; 32];
    for at in (0..2_000).map(|window| window * 5 % 30) {
        trainer.update_from(&mut state, &stream[at..at + 5], Each(&stream[at + 1..at + 6])).unwrap();
    }
    let written = network.generate(&stream[..1], Sampler::GREEDY, Never, 59, None).unwrap();
    assert_eq!(vocabulary.decode_chars(&all(written).unwrap()).to_string(), "hello ".repeat(10)[1..]);
}
