//! Recurses endlessly: the stack leaves RAM, no static is damaged, and the program ends with the exit code of an
//! overflow.

#![no_std]
#![no_main]

use core::hint::black_box;
use cortex_m_rt::entry;
use firmware_example::exit_failure;

#[entry]
fn main() -> ! {
    defmt::info!("about to overflow the stack");
    defmt::info!("returned from depth {=u32}", descend(0));
    exit_failure()
}

fn descend(depth: u32) -> u32 {
    let frame = black_box([depth; 16]);
    if black_box(true) { descend(depth + 1) + frame[0] } else { depth }
}
