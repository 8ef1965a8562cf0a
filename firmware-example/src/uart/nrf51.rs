//! The UART of the nRF51 (nRF51 Series Reference Manual, 29), on the micro:bit's pin to its USB interface.

use super::{Port, Registers};

const START_SENDING: usize = 0x008;
const SENT: usize = 0x11c;
const ENABLE: usize = 0x500;
const ENABLED: u32 = 4;
const PIN_OF_SENDING: usize = 0x50c;
/// Number of the UART's pin, P0.24.
const PIN: u32 = 24;
const DATA: usize = 0x51c;
const RATE: usize = 0x524;

const GPIO: usize = 0x5000_0000;
const SET_OUTPUT: usize = 0x518;
const SET_HIGH: usize = 0x508;

/// Port of the micro:bit.
pub struct Nrf51(Registers);

impl Port for Nrf51 {
    unsafe fn start(base: usize, baud: u32) -> Self {
        // SAFETY: the caller's promise; of the pins, only the bits of this one are written.
        let (mut uart, mut pins) = unsafe { (Registers::at(base), Registers::at(GPIO)) };
        pins.write(SET_HIGH, 1 << PIN);
        pins.write(SET_OUTPUT, 1 << PIN);
        uart.write(PIN_OF_SENDING, PIN);
        uart.write(RATE, rate(baud));
        uart.write(ENABLE, ENABLED);
        uart.write(START_SENDING, 1);
        Self(uart)
    }

    fn put(&mut self, byte: u8) {
        self.0.write(SENT, 0);
        self.0.write(DATA, byte.into());
    }

    fn ready(&self) -> bool {
        self.0.read(SENT) != 0
    }

    fn sent(&self) -> bool {
        self.ready()
    }
}

/// Returns the baud rate in units of 16 MHz / 2³²; the port uses the upper 20 bits.
const fn rate(baud: u32) -> u32 {
    ((((baud as u64) << 32) / 16_000_000 + 0x800) as u32) & !0xfff
}

const _: () = assert!(rate(115_200) == 0x01d7_e000, "as in the manual's table");
