//! Arm's PL011 (PrimeCell UART, Technical Reference Manual, 3.3), with clock and pins of the LM3S6965.

use super::{Port, Registers};
use crate::board::CLOCK_HZ;

const DATA: usize = 0x00;
const FLAGS: usize = 0x18;
const BUSY: u32 = 1 << 3;
const FULL: u32 = 1 << 5;
const DIVIDER: usize = 0x24;
const DIVIDER_64THS: usize = 0x28;
const LINE: usize = 0x2c;
const EIGHT_BITS: u32 = 3 << 5;
const QUEUE: u32 = 1 << 4;
const CONTROL: usize = 0x30;
const ON: u32 = 1;
const SEND: u32 = 1 << 8;

const SYSTEM: usize = 0x400f_e000;
const CLOCKS_OF_UARTS: usize = 0x104;
const CLOCKS_OF_PINS: usize = 0x108;
/// Bit of UART 0 and of port A, which has its pin, in the clock registers.
const FIRST: u32 = 1;

const PORT_A: usize = 0x4000_4000;
const FUNCTION: usize = 0x420;
const DIGITAL: usize = 0x51c;
/// Bit of the UART's pin, PA1.
const PIN: u32 = 1 << 1;

/// Port of the LM3S6965.
pub struct Pl011(Registers);

impl Port for Pl011 {
    unsafe fn start(base: usize, baud: u32) -> Self {
        // SAFETY: the caller's promise; of clocks and pins, only the bits of this port are changed.
        let [mut uart, mut system, mut pins] = [base, SYSTEM, PORT_A].map(|base| unsafe { Registers::at(base) });
        system.set(CLOCKS_OF_UARTS, FIRST, FIRST);
        system.set(CLOCKS_OF_PINS, FIRST, FIRST);
        // The port may be used three cycles later.
        cortex_m::asm::delay(3);
        pins.set(FUNCTION, PIN, PIN);
        pins.set(DIGITAL, PIN, PIN);
        let divider = 4 * CLOCK_HZ / baud;
        uart.write(DIVIDER, divider / 64);
        uart.write(DIVIDER_64THS, divider % 64);
        uart.write(LINE, EIGHT_BITS | QUEUE);
        uart.write(CONTROL, ON | SEND);
        Self(uart)
    }

    fn put(&mut self, byte: u8) {
        self.0.write(DATA, byte.into());
    }

    fn ready(&self) -> bool {
        self.0.read(FLAGS) & FULL == 0
    }

    fn sent(&self) -> bool {
        self.0.read(FLAGS) & BUSY == 0
    }
}
