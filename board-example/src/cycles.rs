//! Processor cycles, read from the counter of Cortex-M3 and larger cores (DWT->CYCCNT).

use core::sync::atomic::{Ordering, compiler_fence};
use cortex_m::peripheral::{DCB, DWT};

/// Running cycle counter.
pub struct Cycles(());

impl Cycles {
    /// Starts the counter; returns `None` on a core without one, such as a Cortex-M0.
    pub fn start(mut debug: DCB, mut trace: DWT) -> Option<Self> {
        debug.enable_trace();
        if !DWT::has_cycle_counter() {
            return None;
        }
        trace.enable_cycle_counter();
        Some(Self(()))
    }

    /// Returns the cycles that `work` takes, plus about ten to read the counter. Interrupts and flash wait states are
    /// included. After 2^32 cycles, 67 s at 64 MHz, the counter wraps.
    pub fn of(&self, work: impl FnOnce()) -> u32 {
        let before = DWT::cycle_count();
        compiler_fence(Ordering::SeqCst);
        work();
        compiler_fence(Ordering::SeqCst);
        DWT::cycle_count().wrapping_sub(before)
    }
}
