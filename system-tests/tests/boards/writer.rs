//! Sentences that the boards write to their serial port, recomputed on the host.

#[allow(dead_code, reason = "its `main` is the example's")]
#[path = "../../../trainer/examples/writer.rs"]
mod example;

use elman::error::ImageError;
use elman::image::Aligned;
use embedded_io::{ErrorKind, ErrorType, Write};
use example::writer::{WriteError, write};

/// Model in the boards' flash.
static MODEL: &Aligned<[u8]> = &Aligned(*include_bytes!("../../../firmware-example/models/writer.elman"));
const LOG: &str = include_str!("../../../firmware-example/src/bin/write.out");
const SENT: &str = include_str!("../../../firmware-example/src/bin/write.serial");

#[test]
fn kept_model_is_what_reading_makes() {
    let mut room = vec![0; MODEL.0.len() + 1];
    let length = example::learn(&mut room).unwrap();
    assert!(room[..length] == MODEL.0, "the model of the example `writer` differs from firmware-example/models");
}

#[test]
fn the_host_writes_what_the_boards_send() {
    let mut text = Vec::new();
    let symbols = write(&MODEL.0, &mut text).unwrap();
    assert_eq!(String::from_utf8(text).unwrap(), SENT);
    assert_eq!(LOG, format!("INFO {{board}} generated {symbols} symbols\n"));
}

/// Port that accepts a limited number of bytes.
struct Short(usize);

impl ErrorType for Short {
    type Error = ErrorKind;
}

impl Write for Short {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(ErrorKind::TimedOut)?;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}

#[test]
fn a_port_that_hangs_is_an_error_wherever_it_does() {
    for bytes in 0..SENT.len() {
        assert_eq!(write(&MODEL.0, &mut Short(bytes)), Err(WriteError::Port(ErrorKind::TimedOut)), "after {bytes}");
    }
    assert!(write(&MODEL.0, &mut Short(SENT.len())).is_ok());
}

#[test]
fn without_its_model_nothing_is_written() {
    let mut text = Vec::new();
    let error = ImageError::TooShort { length: 0, needed: 32 };
    assert_eq!(write(&[], &mut text), Err(WriteError::Image(error)));
    assert!(text.is_empty());
}
