//! Memory that a program may use to learn on the micro:bit: all but 2 of its 16 KB.

use crate::{exit_failure, ram_used, stack_used};
use elman::trainer::TrainingBytes;

/// RAM of the micro:bit, in bytes.
const RAM: usize = 16 * 1024;
/// Limit on statics and stack, in bytes.
const BUDGET: usize = 14 * 1024;

/// Logs the memory used so far by training and by the whole program, and ends the program if it exceeds the
/// budget.
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
