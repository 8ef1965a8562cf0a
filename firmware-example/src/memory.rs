//! Memory used by a program: statics and flash according to the linker's symbols, and the stack according to the
//! paint that it has overwritten.

use core::ptr::addr_of;
use cortex_m_rt::STACK_PAINT_VALUE;

// Symbols of the linker, of which only the addresses matter.
unsafe extern "C" {
    static __vector_table: u32;
    static __sidata: u32;
    static __sdata: u32;
    static __edata: u32;
    static __euninit: u32;
    static _stack_end: u32;
    static _stack_start: u32;
}

/// Returns the bytes of flash in use: vectors, code, constants and initial values of statics.
pub fn flash_used() -> usize {
    let initial = addr_of!(__edata).addr() - addr_of!(__sdata).addr();
    addr_of!(__sidata).addr() + initial - addr_of!(__vector_table).addr()
}

/// Returns the bytes of RAM used by statics.
pub fn ram_used() -> usize {
    addr_of!(__euninit).addr() - addr_of!(__sdata).addr()
}

/// Returns the largest number of bytes of stack used so far.
///
/// Start-up code paints the stack; the lowest word without paint is the deepest one used. A value that equals the
/// paint at the very bottom is not detected.
pub fn stack_used() -> usize {
    let start = addr_of!(_stack_start).addr();
    let mut word = addr_of!(_stack_end);
    // SAFETY: every word from `_stack_end` to `_stack_start` is RAM, aligned, painted before the program ran and kept
    // for the stack by the linker script. It is only read, and volatile: no Rust object there is assumed unchanged.
    while word.addr() < start && unsafe { word.read_volatile() } == STACK_PAINT_VALUE {
        word = word.wrapping_add(1);
    }
    start - word.addr()
}

/// Returns the number of bytes reserved for the stack.
pub fn stack_size() -> usize {
    addr_of!(_stack_start).addr() - stack_end()
}

/// Returns the lowest address of the stack.
pub(crate) fn stack_end() -> usize {
    addr_of!(_stack_end).addr()
}
