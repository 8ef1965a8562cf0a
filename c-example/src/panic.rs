//! Panic handler that does not link, so that no program can panic.

use core::panic::PanicInfo;

unsafe extern "C" {
    /// Function without a definition: the linker reports any entry that can reach it.
    safe fn rnn_can_panic() -> !;
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    rnn_can_panic()
}

/// Returns `xs[step]`, and panics if there is no such step, to show that the linker detects it.
#[cfg(feature = "panics")]
#[unsafe(no_mangle)]
pub extern "C" fn panics(xs: &[f32; 4], step: usize) -> f32 {
    xs[step]
}
