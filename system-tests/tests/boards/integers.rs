//! Networks in integers give the same bits on the host as on the boards.

#[path = "../../../firmware-example/src/integers.rs"]
mod drawn;

const LOG: &str = include_str!("../../../firmware-example/src/bin/integers.out");

#[test]
fn each_cell_has_the_bits_of_the_boards() {
    let mut log = "INFO {board}: networks put into integers\n".to_string();
    drawn::all(&mut |cell, found| {
        let drawn::Integers { bytes, weights, outputs } = found;
        log += &format!("INFO {cell}: {bytes} bytes, CRC-64 {weights}, of outputs {outputs}\n");
    })
    .unwrap();
    assert_eq!(log, LOG);
}
