//! Executes an undefined instruction: the program ends with the exit code of a fault.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use firmware_example as _;

#[entry]
fn main() -> ! {
    defmt::info!("about to fault");
    cortex_m::asm::udf()
}
