//! Panics: the program ends with the exit code of a panic, and logs where it happened.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use firmware_example::exit_success;

#[entry]
fn main() -> ! {
    defmt::info!("about to panic");
    if core::hint::black_box(true) {
        panic!("on purpose");
    }
    exit_success()
}
