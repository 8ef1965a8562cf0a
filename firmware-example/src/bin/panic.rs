//! Panics: the program ends with the code of a panic, and says where.

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
