//! Program with a static larger than the micro:bit's RAM minus the stack: it must not link for that board.

#![no_std]
#![no_main]

use core::hint::black_box;
use core::sync::atomic::AtomicU8;
use cortex_m_rt::entry;
use firmware_example::exit_success;

static BUFFER: [AtomicU8; 13 * 1024] = [const { AtomicU8::new(0) }; 13 * 1024];

#[entry]
fn main() -> ! {
    black_box(&BUFFER);
    exit_success()
}
