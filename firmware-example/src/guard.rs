//! Protection of the memory below RAM, if the bus has none, so that a stack that leaves RAM always faults.

use crate::board::RAM;
use core::arch::naked_asm;

/// Log2 of the number of protected bytes: 64 KiB below RAM.
const LOG2_SIZE: u32 = 16;

// The ARMv7-M memory protection unit (ARMv7-M Architecture Reference Manual, B3.5): region 0 forbids every access.
const CTRL: u32 = 0xe000_ed94;
const RBAR: u32 = (RAM - (1 << LOG2_SIZE)) | REGION_VALID;
const REGION_VALID: u32 = 1 << 4;
const RASR: u32 = EXECUTE_NEVER | ((LOG2_SIZE - 1) << 1) | 1;
const EXECUTE_NEVER: u32 = 1 << 28;
/// Value that enables the MPU, with the default memory map for all other addresses. The fault handler runs with
/// the MPU off.
const ENABLE_OVER_DEFAULT_MAP: u32 = (1 << 2) | 1;

/// Protects the memory below RAM; the start-up code calls this before any Rust code.
///
/// # Safety
/// Only the start-up code may call this: nothing else may use the MPU, and no object may be in the protected
/// memory.
#[unsafe(naked)]
#[unsafe(export_name = "__pre_init")]
unsafe extern "C" fn close_memory_below_ram() {
    naked_asm!(
        "ldr r0, ={ctrl}",
        "ldr r1, ={rbar}",
        "ldr r2, ={rasr}",
        "movs r3, #{enable}",
        "str r1, [r0, #8]",
        "str r2, [r0, #12]",
        "str r3, [r0]",
        "dsb",
        "isb",
        "bx lr",
        ctrl = const CTRL,
        rbar = const RBAR,
        rasr = const RASR,
        enable = const ENABLE_OVER_DEFAULT_MAP,
    )
}
