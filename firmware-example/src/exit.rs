//! The end of a program. Under QEMU the code becomes the exit code of the emulator.

use semihosting::process;

/// A check of the program failed. Not 1, with which QEMU itself fails.
pub const FAILURE: i32 = 100;
/// The program panicked.
pub const PANIC: i32 = 101;
/// The core faulted, or an interrupt came that has no handler.
pub const FAULT: i32 = 102;
/// The stack overflowed.
pub const STACK_OVERFLOW: i32 = 103;

/// Ends the program well.
pub fn exit_success() -> ! {
    process::exit(0)
}

/// Ends the program because a check of its own failed: [`FAILURE`].
pub fn exit_failure() -> ! {
    process::exit(FAILURE)
}

/// Ends the program with one of the codes above.
pub(crate) fn exit(code: i32) -> ! {
    process::exit(code)
}
