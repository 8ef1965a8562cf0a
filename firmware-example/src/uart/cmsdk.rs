//! The UART of Arm's MPS2 and MPS3 boards (Cortex-M System Design Kit, Technical Reference Manual, 4.3). Its pin is
//! fixed.

use super::{Port, Registers};
use crate::board::CLOCK_HZ;

const DATA: usize = 0x00;
const STATE: usize = 0x04;
/// Flag that is set while the last byte waits for the previous one to be sent.
const FULL: u32 = 1;
const CONTROL: usize = 0x08;
const SEND: u32 = 1;
const DIVIDER: usize = 0x10;
const LEAST_DIVIDER: u32 = 16;

/// Port of an MPS2 or MPS3 board.
pub struct Cmsdk(Registers);

impl Port for Cmsdk {
    unsafe fn start(base: usize, baud: u32) -> Self {
        // SAFETY: the caller's promise.
        let mut uart = unsafe { Registers::at(base) };
        uart.write(DIVIDER, (CLOCK_HZ / baud).max(LEAST_DIVIDER));
        uart.write(CONTROL, SEND);
        Self(uart)
    }

    fn put(&mut self, byte: u8) {
        self.0.write(DATA, byte.into());
    }

    fn ready(&self) -> bool {
        self.0.read(STATE) & FULL == 0
    }

    /// Returns `true` once the last byte is being sent: the port does not report when it has been sent.
    fn sent(&self) -> bool {
        self.ready()
    }
}
