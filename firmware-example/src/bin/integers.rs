//! Quantizes a network of each kind of cell to integers and runs it. The results have the same bits as on the
//! host.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use defmt::Display2Format;
use firmware_example::{board, exit_failure, exit_success, integers, memory, stack_used};

#[entry]
fn main() -> ! {
    defmt::info!("{=str}: networks put into integers", board::NAME);
    let done = integers::all(&mut |cell, found| {
        let (weights, outputs) = (Display2Format(&found.weights), Display2Format(&found.outputs));
        defmt::info!("{=str}: {=usize} bytes, CRC-64 {}, of outputs {}", cell, found.bytes, weights, outputs);
    });
    defmt::info!("stack {=usize} of {=usize} bytes", stack_used(), memory::stack_size());
    if let Err(error) = done {
        defmt::error!("{}", Display2Format(&error));
        exit_failure();
    }
    exit_success()
}
