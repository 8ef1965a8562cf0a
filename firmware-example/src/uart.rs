//! The board's serial port, by which text leaves as it does on the part: 8 bits, no parity, one stop bit, only sending.
//!
//! Who writes to it knows `embedded_io::Write` and no board. Every wait is bounded, so a port that hangs is an error.

mod cmsdk;
mod nrf51;
mod pl011;
mod registers;
mod stm32;

pub use cmsdk::Cmsdk;
pub use nrf51::Nrf51;
pub use pl011::Pl011;
pub use stm32::Stm32;

use crate::board::{self, SERIAL};
use core::fmt;
use embedded_io::{Error, ErrorKind, ErrorType, Write};
use registers::Registers;

/// Looks at a port that is busy before it is given up. A byte at 115,200 baud takes a core of 168 MHz 15,000 cycles, and the
/// 16 that a port may hold not two million.
const LOOKS: u32 = 1_000_000;

/// What the ports of the boards have in common: a driver is this for its registers.
pub trait Port: Sized {
    /// The port at `base`, with its clock, its pin and its rate set.
    ///
    /// # Safety
    /// The registers at `base` must be those of such a port of this board, and nothing else may use them.
    unsafe fn start(base: usize, baud: u32) -> Self;
    /// Gives it a byte. It must be [`ready`](Self::ready), as it is after its start.
    fn put(&mut self, byte: u8);
    /// Whether it takes another byte.
    fn ready(&self) -> bool;
    /// Whether all bytes have left.
    fn sent(&self) -> bool;
}

/// The serial port of the board.
pub struct Uart(board::Port);

impl Uart {
    /// Starts the port.
    ///
    /// # Safety
    /// Nothing else may use it.
    pub unsafe fn start(baud: u32) -> Self {
        // SAFETY: `boards.rs` has address and kind of a port of this board; that it is free is the caller's promise.
        Self(unsafe { board::Port::start(SERIAL, baud) })
    }

    fn wait(&self, until: impl Fn(&board::Port) -> bool) -> Result<(), Stuck> {
        if (0..LOOKS).any(|_| until(&self.0)) { Ok(()) } else { Err(Stuck) }
    }
}

impl ErrorType for Uart {
    type Error = Stuck;
}

impl Write for Uart {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Stuck> {
        let Some(&byte) = bytes.first() else { return Ok(0) };
        self.0.put(byte);
        self.wait(Port::ready)?;
        Ok(1)
    }

    fn flush(&mut self) -> Result<(), Stuck> {
        self.wait(Port::sent)
    }
}

/// The port does not send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stuck;

impl fmt::Display for Stuck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the serial port does not send")
    }
}

impl core::error::Error for Stuck {}

impl Error for Stuck {
    fn kind(&self) -> ErrorKind {
        ErrorKind::TimedOut
    }
}
