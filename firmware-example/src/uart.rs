//! Serial port of the board, which sends text as the real part does: 8 bits, no parity, one stop bit. There is no
//! receiver.
//!
//! A writer only sees `embedded_io::Write`, not the board. Every wait is bounded, so a port that hangs returns an
//! error.

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

/// Number of reads of a busy port before it counts as hung. A byte at 115,200 baud takes 15,000 cycles of a 168
/// MHz core, and the 16 bytes that a port may hold take less than two million.
const LOOKS: u32 = 1_000_000;

/// Common interface of the boards' ports. Each driver implements it for its own registers.
pub trait Port: Sized {
    /// Starts the port at `base` and sets its clock, pin and rate.
    ///
    /// # Safety
    /// The registers at `base` must belong to a port of this kind on this board, and nothing else may use them.
    unsafe fn start(base: usize, baud: u32) -> Self;
    /// Sends a byte. The port must be [`ready`](Self::ready), which it is after its start.
    fn put(&mut self, byte: u8);
    /// Returns `true` if the port accepts another byte.
    fn ready(&self) -> bool;
    /// Returns `true` if all bytes have been sent.
    fn sent(&self) -> bool;
}

/// Serial port of the board.
pub struct Uart(board::Port);

impl Uart {
    /// Starts the port.
    ///
    /// # Safety
    /// Nothing else may use the port.
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

/// Error returned if the port does not send.
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
