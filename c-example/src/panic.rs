//! The end of a program that panics: there is none, so it does not link.

use core::panic::PanicInfo;

unsafe extern "C" {
    /// Defined nowhere: the linker reports any entry from which it can be reached.
    safe fn rnn_can_panic() -> !;
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    rnn_can_panic()
}

/// Panics if there is no such step, to show that the linker finds it.
#[cfg(feature = "panics")]
#[unsafe(no_mangle)]
pub extern "C" fn panics(xs: &[f32; 4], step: usize) -> f32 {
    xs[step]
}
