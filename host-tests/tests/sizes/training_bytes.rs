//! The table of `docs/memory.md`, computed by hand, by `size_of` and by the constants.

use elman::cell::Cell;
use elman::optim::{Adagrad, AdamW, InPlaceSgd, Momentum, Optimizer, RmsProp};
use elman::{Adam, Dense, Elman, Gru, Layer, Lstm, Network, Sgd};
use elman::{Trainer, Workspace};

const PAGE: &str = include_str!("../../../docs/memory.md");

/// Number of steps in the window, all on a full tape or in 8 segments of 8.
const STEPS: usize = 64;
const SEGMENT: usize = 8;

type Net<C, const H: usize, const K: usize> = Network<C, Dense<H, K>>;

/// Number of values in a cell's weights, state and record, counted by hand.
struct Numbers {
    weights: usize,
    state: usize,
    record: usize,
}

impl Numbers {
    /// Counts for `gates` gates with `biases` bias vectors; `state` and `record` are numbers of vectors.
    fn of<const I: usize, const H: usize>(gates: usize, biases: usize, state: usize, record: usize) -> Self {
        Self { weights: gates * H * (I + H + biases), state: state * H, record: record * H }
    }
}

/// Returns the bytes for training with `P` segments of `T` steps, checked against the count by hand.
fn bytes<C, O, const I: usize, const H: usize, const K: usize, const T: usize, const P: usize>(
    by_hand: &Numbers,
) -> usize
where
    C: Cell<[f32; I], Scalar = f32, Output = [f32; H]> + Layer<[f32; I]>,
    O: Optimizer<Scalar = f32> + 'static,
{
    let memory = Trainer::<Workspace<Net<C, H, K>, O, T, 1, P>>::MEMORY;
    let weights = 4 * (by_hand.weights + K * (H + 1));
    // After states and records: number of steps, step and gradient of the one target, number of targets.
    let tape = 4 * (by_hand.state * P + by_hand.record * T) + 4 + (4 + 4 * K) + 4;
    assert_eq!((memory.weights, memory.tape), (weights, tape));
    let linked = size_of::<Net<C, H, K>>() + size_of::<Workspace<Net<C, H, K>, O, T, 1, P>>();
    assert_eq!(memory.total(), linked);
    linked
}

fn rows<C, const I: usize, const H: usize, const K: usize>(name: &str, by_hand: &Numbers) -> String
where
    C: Cell<[f32; I], Scalar = f32, Output = [f32; H]> + Layer<[f32; I]>,
{
    let full = [
        bytes::<C, InPlaceSgd, I, H, K, STEPS, 1>(by_hand).to_string(),
        bytes::<C, Sgd, I, H, K, STEPS, 1>(by_hand).to_string(),
        same([
            bytes::<C, Momentum, I, H, K, STEPS, 1>(by_hand),
            bytes::<C, Adagrad, I, H, K, STEPS, 1>(by_hand),
            bytes::<C, RmsProp, I, H, K, STEPS, 1>(by_hand),
        ]),
        same([bytes::<C, Adam, I, H, K, STEPS, 1>(by_hand), bytes::<C, AdamW, I, H, K, STEPS, 1>(by_hand)]),
    ];
    let checkpointed = [
        // In-place SGD cannot be used: repeated steps need the weights as they were.
        String::new(),
        bytes::<C, Sgd, I, H, K, SEGMENT, SEGMENT>(by_hand).to_string(),
        same([
            bytes::<C, Momentum, I, H, K, SEGMENT, SEGMENT>(by_hand),
            bytes::<C, Adagrad, I, H, K, SEGMENT, SEGMENT>(by_hand),
            bytes::<C, RmsProp, I, H, K, SEGMENT, SEGMENT>(by_hand),
        ]),
        same([
            bytes::<C, Adam, I, H, K, SEGMENT, SEGMENT>(by_hand),
            bytes::<C, AdamW, I, H, K, SEGMENT, SEGMENT>(by_hand),
        ]),
    ];
    let weights = size_of::<Net<C, H, K>>();
    let tape = |bytes: usize, figures: [String; 4], kind: &str| {
        format!("| {name} | {weights} | {} | {kind} | {bytes} | {} |\n", 4 * by_hand.state, figures.join(" | "))
    };
    let full_tape = Trainer::<Workspace<Net<C, H, K>, Sgd, STEPS>>::MEMORY.tape;
    let checkpointed_tape = Trainer::<Workspace<Net<C, H, K>, Sgd, SEGMENT, 1, SEGMENT>>::MEMORY.tape;
    tape(full_tape, full, "full") + &tape(checkpointed_tape, checkpointed, "8 of 8")
}

/// Checks that the optimizers that share a column take the same number of bytes.
fn same<const N: usize>(bytes: [usize; N]) -> String {
    assert!(bytes.iter().all(|other| *other == bytes[0]), "{bytes:?}");
    bytes[0].to_string()
}

#[test]
fn table_of_the_page() {
    let head = "| network | weights | state | tape | its bytes | in-place SGD | SGD | momentum, Adagrad, RMSprop | Adam, AdamW |\n\
        |---|---:|---:|---|---:|---:|---:|---:|---:|\n";
    let table = [
        head.into(),
        rows::<Elman<6, 32>, 6, 32, 4>("`Elman<6, 32>`, `Dense<32, 4>`", &Numbers::of::<6, 32>(1, 1, 1, 2)),
        rows::<Gru<6, 32>, 6, 32, 4>("`Gru<6, 32>`, `Dense<32, 4>`", &Numbers::of::<6, 32>(3, 2, 1, 5)),
        rows::<Lstm<6, 32>, 6, 32, 4>("`Lstm<6, 32>`, `Dense<32, 4>`", &Numbers::of::<6, 32>(4, 1, 2, 6)),
        rows::<Elman<16, 64>, 16, 64, 8>("`Elman<16, 64>`, `Dense<64, 8>`", &Numbers::of::<16, 64>(1, 1, 1, 2)),
        rows::<Gru<16, 64>, 16, 64, 8>("`Gru<16, 64>`, `Dense<64, 8>`", &Numbers::of::<16, 64>(3, 2, 1, 5)),
        rows::<Lstm<16, 64>, 16, 64, 8>("`Lstm<16, 64>`, `Dense<64, 8>`", &Numbers::of::<16, 64>(4, 1, 2, 6)),
    ]
    .concat();
    println!("{table}");
    assert!(PAGE.contains(&table), "the table in docs/memory.md differs from this one:\n{table}");
}
