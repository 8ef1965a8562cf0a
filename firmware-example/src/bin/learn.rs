//! Trains networks with the Elman cell, both kinds of GRU, and the LSTM. The weights are the same as on the host,
//! bit for bit.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use firmware_example::learned;
use firmware_example::lesson::Four;

#[entry]
fn main() -> ! {
    static mut FOUR: Four = Four::ZERO;
    learned::log(|each| FOUR.learn(each))
}
