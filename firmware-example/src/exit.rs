//! Exit of a program. Under QEMU, the code becomes the exit code of the emulator.

use semihosting::process;

/// Code for a failed check in the program itself. It is not 1, the code with which QEMU fails.
pub const FAILURE: i32 = 100;
/// Code of a panic.
pub const PANIC: i32 = 101;
/// Code of a fault, or of an interrupt without a handler.
pub const FAULT: i32 = 102;
/// Code of a stack overflow.
pub const STACK_OVERFLOW: i32 = 103;

/// Ends the program successfully.
pub fn exit_success() -> ! {
    process::exit(0)
}

/// Ends the program with [`FAILURE`], because one of its own checks failed.
pub fn exit_failure() -> ! {
    process::exit(FAILURE)
}

/// Ends the program with one of this module's codes.
pub(crate) fn exit(code: i32) -> ! {
    process::exit(code)
}
