//! Networks in fixed point that learned have the bits of the boards.

#[allow(dead_code)]
#[path = "../../../firmware-example/src/fixed.rs"]
mod lesson;

use elman::Zero;

const LOG: &str = include_str!("../../../firmware-example/src/bin/fixed.out");

#[test]
fn each_cell_learns_with_the_bits_of_the_boards() {
    let mut log = "INFO {board}: networks in fixed point learn\n".to_string();
    let mut three = Box::new(lesson::Three::<lesson::Q>::ZERO);
    three
        .learn(&mut |cell, lesson::Learned { first, last, weights, outputs }| {
            assert!(last < first, "{cell}: {first} to {last}");
            log += &format!("INFO {cell}: loss {first} to {last}, CRC-64 {weights}, of outputs {outputs}\n");
        })
        .unwrap();
    assert_eq!(log, LOG);
}
