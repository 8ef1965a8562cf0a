//! Table of tape sizes, printed and compared with the README.

use elman::cell::Recurrent;
use elman::tape::Tape;
use elman::{Adam, Dense, Elman, Gru, Lstm, Network, Trainer, Workspace};
use host_tests::readme;

const UNITS: usize = 32;

/// Returns the bytes of a full tape of `W` steps, and of a checkpointed tape of the same length, which has `N`
/// segments of `N` steps.
fn bytes<C: Recurrent<Scalar = f32>, const W: usize, const N: usize>(state: usize, record: usize) -> [usize; 2] {
    const { assert!(W == N * N) }
    let found = [size_of::<Tape<C, W>>(), size_of::<Tape<C, N, N>>()];
    let count = 4;
    let by_hand = [(1, W), (N, N)].map(|(states, records)| 4 * UNITS * (state * states + record * records) + count);
    assert_eq!(found, by_hand);
    found
}

fn row<const W: usize, const N: usize>() -> String {
    let elman = bytes::<Elman<12, UNITS>, W, N>(1, 2);
    let gru = bytes::<Gru<12, UNITS>, W, N>(1, 5);
    let lstm = bytes::<Lstm<12, UNITS>, W, N>(2, 6);
    let figures = [elman, gru, lstm].concat().iter().map(|bytes| format!(" {bytes} |")).collect::<String>();
    format!("| {W} | {N} of {N} |{figures}")
}

#[test]
fn table_of_the_readme() {
    let head = "| steps | segments | Elman, full | checkpointed | GRU, full | checkpointed | LSTM, full | checkpointed |\n\
        |---:|---:|---:|---:|---:|---:|---:|---:|";
    let rows = [row::<16, 4>(), row::<64, 8>(), row::<256, 16>(), row::<1024, 32>()];
    let table = format!("{head}\n{}", rows.join("\n"));
    println!("{table}");
    assert!(readme().contains(&table), "the README's table of tapes differs from this one:\n{table}");
}

#[test]
fn the_memory_of_training_knows_its_tape() {
    type Net = Network<Elman<12, UNITS>, Dense<UNITS, 9>>;
    type Learn<const T: usize, const P: usize> = Trainer<'static, Workspace<Net, Adam, T, 1, P>>;
    let slot = 4 + 4 * 9 + 4;
    assert_eq!(Learn::<32, 32>::MEMORY.tape, size_of::<Tape<Elman<12, UNITS>, 32, 32>>() + slot);
    assert_eq!(Learn::<1024, 1>::BYTES - Learn::<32, 32>::BYTES, 4 * UNITS * (2 * (1024 - 32) - 31));
}
