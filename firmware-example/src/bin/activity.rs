//! Tells what the wearer of a phone does, by integers alone: a network of 564 bytes that learned from HAPT, in flash.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use elman::Zero;
use firmware_example::activity::{self, Model, SIGNALS, STEPS, State};
use firmware_example::{board, exit_failure, exit_success, flash_used, instructions, ram_used, stack_used};

/// Most instructions of a step on any board.
const STEP: u64 = 10_000;

#[entry]
fn main() -> ! {
    defmt::info!("{=str}: a network of {=usize} bytes in flash", board::NAME, size_of::<activity::Net>());
    let Some(model) = activity::model() else {
        defmt::error!("the model is not this network's");
        exit_failure();
    };
    for signal in &SIGNALS {
        let state = model.window(signal);
        defmt::info!("{=str}: {=str}, state {}", signal.name, model.answer(&state), state);
    }
    let step = counted(&model);
    defmt::info!("instructions per step {=u64}", step);
    let (flash, statics, stack) = (flash_used(), ram_used(), stack_used());
    defmt::info!("flash {=usize} bytes; statics {=usize}, of which none the network's", flash, statics);
    defmt::info!("state {=usize} bytes, stack {=usize}", size_of::<State>(), stack);
    if step <= STEP { exit_success() } else { exit_failure() }
}

/// Returns the instructions of a step, the mean over a window.
fn counted(model: &Model) -> u64 {
    let mut state = State::ZERO;
    let all = instructions(|| state = model.window(&SIGNALS[4]));
    core::hint::black_box(state);
    all / STEPS as u64
}
