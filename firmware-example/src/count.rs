//! Count of executed instructions, read from SysTick.
//!
//! QEMU under `-icount shift=0` takes one nanosecond of virtual time per instruction, and SysTick counts the
//! core's clock in that time. So a tick is 10⁹ / clock instructions (6 on `netduinoplus2`, 62.5 on `microbit`): a
//! measurement is correct within one tick, and repeats exactly. QEMU is not cycle-accurate: these are
//! instructions, never cycles. On a real board the same code counts clock ticks, so the figure is in nanoseconds.

use crate::board::CLOCK_HZ;
use core::sync::atomic::{AtomicU32, Ordering};
use cortex_m::peripheral::syst::SystClkSource;
use cortex_m::peripheral::{Peripherals, SYST};
use cortex_m_rt::exception;

/// Start value of SysTick, which counts down to 0, in 24 bits.
const RELOAD: u32 = 0x00ff_ffff;

/// Instructions per tick, 10⁹ / clock, as a fraction in lowest terms: small enough that no product overflows.
const INSTRUCTIONS: u64 = 1_000_000_000 / GCD;
const TICKS: u64 = CLOCK_HZ as u64 / GCD;
const GCD: u64 = gcd(1_000_000_000, CLOCK_HZ as u64);

/// Number of times that SysTick has reached 0.
static WRAPS: AtomicU32 = AtomicU32::new(0);

/// Returns the number of instructions that `work` executes, accurate to one tick.
///
/// Work of more than 2²⁴ ticks is interrupted every 2²⁴ ticks to count the wrap: about 30 extra instructions in
/// 10⁸ on `netduinoplus2`. Interrupts must be enabled.
pub fn instructions(work: impl FnOnce()) -> u64 {
    start();
    let before = ticks();
    work();
    from_ticks(ticks() - before)
}

/// Returns the number of instructions in one tick, rounded up, which is the resolution of [`instructions`].
pub const fn resolution() -> u64 {
    INSTRUCTIONS.div_ceil(TICKS)
}

fn from_ticks(ticks: u64) -> u64 {
    ticks * INSTRUCTIONS / TICKS
}

const fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Starts SysTick unless it is running. It is never stopped, so measurements may nest.
fn start() {
    // SAFETY: SysTick is used by this module alone, and outside `start` it is only read. No other peripheral is touched.
    let mut systick = unsafe { Peripherals::steal() }.SYST;
    if systick.is_counter_enabled() {
        return;
    }
    systick.set_clock_source(SystClkSource::Core);
    systick.set_reload(RELOAD);
    systick.clear_current();
    systick.enable_interrupt();
    systick.enable_counter();
}

/// Returns the ticks since [`start`]. A wrap is counted when SysTick reaches 0, so 0 begins a period: `RELOAD`
/// comes after it. If a wrap occurs between the two reads, which would pair an old count with a new value, both
/// are repeated.
fn ticks() -> u64 {
    loop {
        let wraps = WRAPS.load(Ordering::Relaxed);
        let left = SYST::get_current();
        if WRAPS.load(Ordering::Relaxed) == wraps {
            return (u64::from(wraps) << 24) + u64::from((RELOAD + 1 - left) & RELOAD);
        }
    }
}

#[exception]
fn SysTick() {
    // A load and a store, since Cortex-M0 has no atomic add: nothing else writes this.
    WRAPS.store(WRAPS.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
}
