//! Language model of the lecture, with a vocabulary of 10,000 and a hidden size of 100, trained on the host
//! without a large stack.

use elman::math::Scalar;
use elman::{Config, Dense, Each, Elman, Network, Parameters, Sgd, Token, Trainer, Workspace};
use host_tests::Noise;
use host_tests::precision::tensors;
use zerocopy::FromZeros;

const WORDS: usize = 10_000;
const UNITS: usize = 100;
const STEPS: usize = 4;

type Net = Network<Elman<WORDS, UNITS>, Dense<UNITS, WORDS>>;
type Room = Workspace<Net, Sgd, STEPS, STEPS>;

#[test]
fn parameters_and_bytes_are_the_lectures() {
    let count = WORDS * UNITS + UNITS * UNITS + UNITS + UNITS * WORDS + WORDS;
    assert_eq!(count, 2_020_100);
    assert_eq!(<Net as Parameters>::COUNT, count);
    assert_eq!(size_of::<Net>(), 4 * count);
}

#[test]
fn a_vocabulary_of_10000_takes_a_training_step() {
    let mut network: Box<Net> = Net::new_box_zeroed().unwrap();
    let mut workspace: Box<Room> = Room::new_box_zeroed().unwrap();
    Noise(61).fill(&mut *network, 1.0);
    let text = [17, 4_242, 9_999, 0, 17].map(|word| Token::<WORDS>::new(word).unwrap());
    let before = tensors(&*network);
    let mut trainer = Trainer::new(&mut network, &mut workspace, Config::new(Sgd { rate: 0.1 })).unwrap();
    let first = trainer.update(&text[..STEPS], Each(&text[1..])).unwrap();
    // Before anything is learned, all words are about equally likely.
    let guess = STEPS as f32 * (WORDS as f32).ln();
    assert!((first.loss - guess).abs() < 0.05 * guess, "{} instead of about {guess}", first.loss);
    let second = trainer.update(&text[..STEPS], Each(&text[1..])).unwrap();
    assert!(second.loss < first.loss, "{} after {}", second.loss, first.loss);
    assert_only_read_rows_move(&before, &tensors(&*network), &text[..STEPS]);
    workspace.reset();
}

/// Checks that the weights of words that were not read stay the same, and that all others change.
fn assert_only_read_rows_move(before: &[(String, Vec<f64>)], after: &[(String, Vec<f64>)], read: &[Token<WORDS>]) {
    let [before, after] = [before, after].map(|tensors| tensors[0].1.as_chunks::<UNITS>().0);
    let moved: Vec<usize> = (0..WORDS).filter(|&word| before[word] != after[word]).collect();
    let mut expected: Vec<usize> = read.iter().map(|word| word.index()).collect();
    expected.sort_unstable();
    assert_eq!(moved, expected);
}

#[test]
fn a_step_of_a_stream_is_small() {
    let mut network: Box<Net> = Net::new_box_zeroed().unwrap();
    Noise(62).fill(&mut *network, 1.0);
    let mut state = [0.0; UNITS];
    let logits = network.step(&mut state, &Token::<WORDS>::new(5).unwrap());
    assert!(logits.iter().all(|x| Scalar::is_finite(*x)));
    assert!(state.iter().all(|h| *h != 0.0));
}
