//! Log and exit of a program that trains several cells.

use crate::lesson::UPDATES_OF_EACH;
use crate::{board, exit_failure, exit_success, memory, ram_used, stack_used};
use defmt::Display2Format;
use elman::TrainError;
use vowels::Checksum;

/// Runs `learn`, which passes the name of each cell and the checksum of its weights. Logs them with the memory used,
/// and ends the program.
pub fn log(learn: impl FnOnce(&mut dyn FnMut(&str, Checksum)) -> Result<(), TrainError>) -> ! {
    defmt::info!("{=str}: {=usize} updates of each cell", board::NAME, UPDATES_OF_EACH);
    let learned = learn(&mut |cell, weights| defmt::info!("{=str}: CRC-64 {}", cell, Display2Format(&weights)));
    defmt::info!("statics {=usize} bytes", ram_used());
    defmt::info!("stack {=usize} of {=usize} bytes", stack_used(), memory::stack_size());
    if let Err(error) = learned {
        defmt::error!("{}", Display2Format(&error));
        exit_failure();
    }
    exit_success()
}
