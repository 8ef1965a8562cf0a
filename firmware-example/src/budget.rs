//! The memory that a program learning on the micro:bit may use: all but 2 KB of its 16.

use crate::{exit_failure, ram_used, stack_used};
use elman::trainer::TrainingBytes;

/// Bytes of RAM of the micro:bit.
const RAM: usize = 16 * 1024;
/// Bytes that statics and stack may use.
const BUDGET: usize = 14 * 1024;

/// Logs the memory that training and the whole program have used so far, and ends the program if that is over the budget.
pub fn keep(training: TrainingBytes) {
    let TrainingBytes { weights, gradient, optimizer, tape, job } = training;
    defmt::info!(
        "bytes of training: weights {=usize}, gradient {=usize}, optimizer {=usize}, tape {=usize}, job {=usize}",
        weights,
        gradient,
        optimizer,
        tape,
        job
    );
    let (statics, stack) = (ram_used(), stack_used());
    let used = statics + stack;
    defmt::info!("statics {=usize} bytes, stack high-water mark {=usize} bytes", statics, stack);
    defmt::info!("used {=usize} of {=usize} bytes, {=usize} left", used, RAM, RAM.saturating_sub(used));
    if used > BUDGET {
        defmt::error!("over the budget of {=usize} bytes", BUDGET);
        exit_failure();
    }
}
