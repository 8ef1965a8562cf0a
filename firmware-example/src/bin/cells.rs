//! Trains a network with the minimal gated unit, and with FastGRNN full and low rank: the same weights as on the host, bit for bit.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use defmt::Display2Format;
use firmware_example::lesson::{Three, UPDATES_OF_EACH};
use firmware_example::{board, exit_failure, exit_success, memory, ram_used, stack_used};

#[entry]
fn main() -> ! {
    static mut THREE: Three = Three::ZERO;
    defmt::info!("{=str}: {=usize} updates of each cell", board::NAME, UPDATES_OF_EACH);
    let learned = THREE.learn(|cell, weights| defmt::info!("{=str}: CRC-64 {}", cell, Display2Format(&weights)));
    defmt::info!("statics {=usize} bytes", ram_used());
    defmt::info!("stack {=usize} of {=usize} bytes", stack_used(), memory::stack_size());
    if let Err(error) = learned {
        defmt::error!("{}", Display2Format(&error));
        exit_failure();
    }
    exit_success()
}
