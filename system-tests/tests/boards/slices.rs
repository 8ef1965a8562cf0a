//! The boards learn the same bits as the host.

#[allow(dead_code, reason = "the firmware uses the rest")]
#[path = "../../../firmware-example/src/lesson.rs"]
mod lesson;

use elman::Zero;
use elman::error::TrainError;
use lesson::{Four, Learn, Net, Sequence, Three, UPDATES, UPDATES_OF_EACH, Work};
use vowels::Checksum;

/// Lines that every board must log.
const LOG: &str = include_str!("../../../firmware-example/src/bin/slices.out");
/// Lines that the programs that train every kind of cell must log.
const FOUR: &str = include_str!("../../../firmware-example/src/bin/learn.out");
const THREE: &str = include_str!("../../../firmware-example/src/bin/cells.out");

fn learn(update: impl FnMut(&mut Learn<'_>, [Sequence; 2]) -> Result<(), TrainError>) -> Net {
    let (mut network, mut work) = (<Net as Zero>::ZERO, Work::ZERO);
    lesson::run(&mut network, &mut work, UPDATES, update).unwrap();
    network
}

#[test]
fn whole_updates_give_the_bits_of_the_boards() {
    let sum = Checksum::of(&learn(lesson::whole));
    assert!(LOG.contains(&format!("INFO weights of whole updates: CRC-64 {sum}\n")), "the host has {sum}");
}

#[test]
fn slices_give_the_bits_of_the_boards() {
    let mut slices = 0;
    let network = learn(|trainer, sequences| {
        lesson::sliced(trainer, sequences, |slice| {
            slices += 1;
            slice();
        })
    });
    let sum = Checksum::of(&network);
    assert!(LOG.contains(&format!("INFO weights of {slices} slices: CRC-64 {sum}\n")), "{slices} slices give {sum}");
}

#[test]
fn training_takes_the_bytes_of_the_boards() {
    assert!(LOG.contains(&format!(": {UPDATES} updates of {} bytes\n", Learn::BYTES)));
}

/// Returns the log of a program that trains cells.
fn log(learn: impl FnOnce(&mut dyn FnMut(&str, Checksum)) -> Result<(), TrainError>) -> String {
    let mut log = format!("INFO {{board}}: {UPDATES_OF_EACH} updates of each cell\n");
    learn(&mut |cell, weights| log += &format!("INFO {cell}: CRC-64 {weights}\n")).unwrap();
    log
}

#[test]
fn each_cell_learns_the_bits_of_the_boards() {
    assert_eq!(log(|learned| { Four::ZERO }.learn(learned)), FOUR);
    assert_eq!(log(|learned| { Three::ZERO }.learn(learned)), THREE);
}
