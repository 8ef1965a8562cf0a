//! Boots, logs, counts the instructions of a loop of known length, and logs the memory used.

#![no_std]
#![no_main]

use core::arch::asm;
use cortex_m_rt::entry;
use firmware_example::{
    board, count, exit_failure, exit_success, flash_used, instructions, memory, ram_used, stack_used,
};

/// Number of rounds of two instructions each: enough that SysTick wraps on the fastest board.
const ROUNDS: u32 = 60_000_000;

#[entry]
fn main() -> ! {
    defmt::info!("hello from {=str}", board::NAME);
    defmt::info!("core {=str}", board::CORE);
    let counted = instructions(known_loop);
    let expected = 2 * u64::from(ROUNDS);
    if counted.abs_diff(expected) > 2 * count::resolution() + WRAP_COST {
        defmt::error!("a loop of {=u64} instructions was counted as {=u64}", expected, counted);
        exit_failure();
    }
    defmt::info!("a loop of {=u64} instructions was counted correctly", expected);
    defmt::info!("counted {=u64}, one tick is {=u64}", counted, count::resolution());
    defmt::info!("flash {=usize} bytes, statics {=usize} bytes", flash_used(), ram_used());
    defmt::info!("stack {=usize} of {=usize} bytes", stack_used(), memory::stack_size());
    exit_success()
}

/// Allowance for the interrupts that count the wraps of SysTick, because their instructions are counted too.
const WRAP_COST: u64 = 100;

fn known_loop() {
    // SAFETY: changes nothing but its own register and the flags.
    unsafe {
        asm!("2:", "subs {rounds}, #1", "bne 2b", rounds = inout(reg) ROUNDS => _, options(nomem, nostack));
    }
}
