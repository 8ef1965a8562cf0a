//! Writes sentences to the serial port, with a character model from flash.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use defmt::Display2Format;
use elman::image::Aligned;
use firmware_example::uart::Uart;
use firmware_example::{board, exit_failure, exit_success, instructions, memory, ram_used, stack_used, writer};

static MODEL: &Aligned<[u8]> = &Aligned(*include_bytes!("../../models/writer.elman"));

const BAUD: u32 = 115_200;

#[entry]
fn main() -> ! {
    // SAFETY: the program has one port.
    let mut serial = unsafe { Uart::start(BAUD) };
    let mut written = Ok(0);
    let count = instructions(|| written = writer::write(&MODEL.0, &mut serial));
    let symbols = match written {
        Ok(symbols) => symbols,
        Err(error) => {
            defmt::error!("{}", Display2Format(&error));
            exit_failure();
        }
    };
    defmt::info!("{=str} generated {=usize} symbols", board::NAME, symbols);
    defmt::info!("a symbol takes {=u64} instructions", count / symbols.max(1) as u64);
    defmt::info!("statics {=usize} bytes, stack {=usize} of {=usize}", ram_used(), stack_used(), memory::stack_size());
    exit_success()
}
