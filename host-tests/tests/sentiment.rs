//! An Elman network of 16 units learns the sentences of the data set, and something of those it has not seen.

use elman::vocabulary::Encode;
use elman::{Adam, Class, Config, Confusion, Dense, Elman, Last, Libm, Network, Random, Token, Trainer, Vocabulary};
use elman::{Workspace, Xoshiro128, Zero, init};

const SYMBOLS: usize = 64;
const WORDS: usize = 8;

type Net<const K: usize> = Network<Elman<SYMBOLS, 16>, Dense<16, K>>;
type Sentence<const K: usize> = (Vec<Token<SYMBOLS>>, Class<K>);

/// The sentences in an order drawn once, so that every fifth is a fair sample.
fn sentences<const K: usize>(text: &str, labels: [&str; K]) -> Vec<Sentence<K>> {
    let mut vocabulary = Vocabulary::<SYMBOLS, 256>::new();
    let mut all = Vec::new();
    for (label, sentence) in text.lines().map(|line| line.split_once('\t').unwrap()) {
        vocabulary.insert_words(sentence).unwrap();
        let tokens = vocabulary.encode_words::<WORDS>(sentence, Encode::PLAIN).unwrap();
        let class = labels.iter().position(|known| *known == label).unwrap();
        all.push((tokens.to_vec(), Class::new(class).unwrap()));
    }
    shuffle(&mut all, &mut Xoshiro128::from_seed(1));
    all
}

fn shuffle<T>(items: &mut [T], rng: &mut impl Random) {
    for last in (1..items.len()).rev() {
        items.swap(last, rng.below(last as u32 + 1) as usize);
    }
}

fn learn<const K: usize>(mut sentences: Vec<Sentence<K>>) -> Net<K> {
    let mut rng = Xoshiro128::from_seed(2);
    let mut network = Net::<K>::ZERO;
    init::uniform_fan::<Libm<f32>, _>(&mut network, &mut rng);
    let mut workspace = Box::new(Workspace::<Net<K>, Adam, WORDS>::ZERO);
    let mut trainer = Trainer::new(&mut network, &mut workspace, Config::new(Adam::new(0.01))).unwrap();
    for _ in 0..20 {
        shuffle(&mut sentences, &mut rng);
        for (tokens, class) in &sentences {
            trainer.update(tokens, Last(*class)).unwrap();
        }
    }
    network
}

fn judge<const K: usize>(network: &Net<K>, sentences: &[Sentence<K>]) -> Confusion<K> {
    let mut confusion = Confusion::new();
    for (tokens, truth) in sentences {
        let mut state = Zero::ZERO;
        let mut logits = [0.0; K];
        tokens.iter().for_each(|token| logits = network.step(&mut state, token));
        let best = (0..K).max_by(|&a, &b| logits[a].total_cmp(&logits[b])).unwrap();
        confusion.add(*truth, Class::new(best).unwrap());
    }
    confusion
}

/// Learns all sentences; then, five times, four fifths of them, to judge the fifth held back.
fn check<const K: usize>(text: &str, labels: [&str; K], seen_share: f32) {
    let all = sentences(text, labels);
    let learned = judge(&learn(all.clone()), &all);
    println!("all learned\n{learned}");
    assert_eq!(learned.accuracy(), Some(1.0));
    let mut unseen = Confusion::new();
    for part in 0..5 {
        let (held, kept): (Vec<_>, Vec<_>) = all.iter().cloned().enumerate().partition(|(index, _)| index % 5 == part);
        let [held, kept] = [held, kept].map(|part| part.into_iter().map(|(_, sentence)| sentence).collect::<Vec<_>>());
        unseen.merge(&judge(&learn(kept), &held));
    }
    println!("held back\n{unseen}");
    assert_eq!(unseen.total(), all.len() as u64);
    assert!(unseen.accuracy().unwrap() > seen_share);
}

#[test]
fn two_classes_are_learned() {
    check(include_str!("../../data/sentiment/two-classes.tsv"), ["negative", "positive"], 0.75);
}

#[test]
fn three_classes_are_learned() {
    check(include_str!("../../data/sentiment/three-classes.tsv"), ["negative", "neutral", "positive"], 0.75);
}
