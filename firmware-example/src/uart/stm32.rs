//! USART of the STM32F405 (RM0090, 30), with clock and pin of USART 1.

use super::{Port, Registers};

const STATUS: usize = 0x00;
const EMPTY: u32 = 1 << 7;
const COMPLETE: u32 = 1 << 6;
const DATA: usize = 0x04;
const DIVIDER: usize = 0x08;
const CONTROL: usize = 0x0c;
const ON: u32 = 1 << 13;
const SEND: u32 = 1 << 3;

/// Clock after reset. Nothing here changes it, and QEMU does not model it.
const RESET_CLOCK_HZ: u32 = 16_000_000;

const RCC: usize = 0x4002_3800;
const CLOCKS_OF_PINS: usize = 0x30;
const PORT_A: u32 = 1;
const CLOCKS_OF_APB2: usize = 0x44;
const USART1: u32 = 1 << 4;

const GPIOA: usize = 0x4002_0000;
const MODE: usize = 0x00;
const FUNCTION: usize = 0x24;
/// Number of the USART's pin, PA9, whose mode field has two bits and whose function field, in the register of
/// pins 8 to 15, has four.
const PIN: u32 = 9;
const ALTERNATE: u32 = 2;
const USART: u32 = 7;

/// Port of the STM32F405.
pub struct Stm32(Registers);

impl Port for Stm32 {
    unsafe fn start(base: usize, baud: u32) -> Self {
        // SAFETY: the caller's promise; of clocks and pins, only the bits of this port are changed.
        let [mut uart, mut clocks, mut pins] = [base, RCC, GPIOA].map(|base| unsafe { Registers::at(base) });
        clocks.set(CLOCKS_OF_PINS, PORT_A, PORT_A);
        clocks.set(CLOCKS_OF_APB2, USART1, USART1);
        pins.set(FUNCTION, 15 << (4 * (PIN - 8)), USART << (4 * (PIN - 8)));
        pins.set(MODE, 3 << (2 * PIN), ALTERNATE << (2 * PIN));
        uart.write(DIVIDER, RESET_CLOCK_HZ / baud);
        uart.write(CONTROL, ON | SEND);
        Self(uart)
    }

    fn put(&mut self, byte: u8) {
        self.0.write(DATA, byte.into());
    }

    fn ready(&self) -> bool {
        self.0.read(STATUS) & EMPTY != 0
    }

    fn sent(&self) -> bool {
        self.0.read(STATUS) & COMPLETE != 0
    }
}
