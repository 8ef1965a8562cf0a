//! Handlers of panics, faults and unexpected interrupts: they log one line and end the program, since a loop
//! would hang QEMU.

use crate::exit::{self, exit};
use crate::memory::stack_end;
use core::arch::naked_asm;
use core::panic::PanicInfo;
use core::sync::atomic::{AtomicBool, Ordering};
use cortex_m_rt::exception;

/// Set while the last line is written. A second failure in that time, for example if the logger was interrupted,
/// must not log.
static FAILING: AtomicBool = AtomicBool::new(false);

fn fail(code: i32, log: impl FnOnce()) -> ! {
    cortex_m::interrupt::disable();
    if !FAILING.load(Ordering::Relaxed) {
        FAILING.store(true, Ordering::Relaxed);
        log();
    }
    exit(code)
}

/// Logs the location and, if it is plain text, the message. Formatted messages are omitted: a formatter is larger
/// than a network.
#[panic_handler]
fn panic(info: &PanicInfo) -> ! {
    let message = info.message().as_str().unwrap_or("(formatted message)");
    let (file, line) = info.location().map_or(("?", 0), |at| (at.file(), at.line()));
    fail(exit::PANIC, || defmt::error!("panicked at {=str}:{=u32}: {=str}", file, line, message))
}

/// Resets the stack pointer, because nothing can be pushed after an overflow, and calls the handler.
///
/// # Safety
/// Only the core may call this function.
#[unsafe(naked)]
#[unsafe(export_name = "HardFault")]
unsafe extern "C" fn hard_fault_entry() -> ! {
    naked_asm!(
        "mrs r0, msp",
        "ldr r1, =_stack_start",
        "mov sp, r1",
        "bl {report}",
        "udf #0",
        report = sym hard_fault,
    )
}

/// Logs the fault. `stack_pointer` is the stack pointer after the core stored, or failed to store, the fault's
/// stack frame.
extern "C" fn hard_fault(stack_pointer: usize) -> ! {
    if stack_pointer < stack_end() {
        fail(exit::STACK_OVERFLOW, || defmt::error!("stack overflow"))
    } else {
        fail(exit::FAULT, || defmt::error!("hard fault"))
    }
}

#[exception]
unsafe fn DefaultHandler(interrupt: i16) {
    fail(exit::FAULT, || defmt::error!("interrupt {=i16} has no handler", interrupt))
}
