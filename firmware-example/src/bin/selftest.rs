//! Tests a model at boot: the image in flash must open, and its probe must give the stored outputs. Damaged
//! images are refused.

#![no_std]
#![no_main]

use core::fmt;
use core::ops::Range;
use cortex_m_rt::entry;
use crc::{CRC_32_ISO_HDLC, Crc, NoTable};
use defmt::Display2Format;
use elman::Image;
use elman::image::Aligned;
use firmware_example::speakers::MODEL;
use firmware_example::{board, exit_failure, exit_success, instructions, letters, memory, ram_used, stack_used};
use vowels::{Model, ModelError};

// Parts of the header, as in `docs/image-format.md`.
const HEADER: usize = 32;
const VERSION: usize = 8;
const CHECKSUM: Range<usize> = 28..HEADER;
/// Offset of the byte with the sign of the first weight.
const SIGN: usize = HEADER + 3;

#[entry]
fn main() -> ! {
    static mut COPY: Aligned<[u8; MODEL.0.len()]> = Aligned([0; MODEL.0.len()]);
    let mut boot = Ok(());
    let count = instructions(|| boot = Model::open(&MODEL.0).map(|_| ()));
    if let Err(error) = boot {
        defmt::error!("{=str} does not start: {}", board::NAME, Display2Format(&error));
        exit_failure();
    }
    defmt::info!("{=str}: {=usize} bytes in flash are unchanged", board::NAME, MODEL.0.len());
    let copy = &mut COPY.0;
    refused("opened as another network", Image::<letters::Net>::open(&MODEL.0).err());
    refused("cut short", Model::open(&MODEL.0[..HEADER]).err());
    refused("erased", damaged(copy, |copy| copy.fill(0xff)));
    refused("of a later version", damaged(copy, |copy| copy[VERSION] = 2));
    refused("with a weight's sign flipped", damaged(copy, |copy| copy[SIGN] ^= 0x80));
    let sealed = damaged(copy, |copy| {
        copy[SIGN] ^= 0x80;
        seal(copy);
    });
    refused("the same with a matching checksum", sealed);
    defmt::info!("opening and self-test take {=u64} instructions", count);
    defmt::info!("statics {=usize} bytes, stack {=usize} of {=usize}", ram_used(), stack_used(), memory::stack_size());
    exit_success()
}

/// Returns the error from opening a copy of the model that `damage` has changed.
fn damaged(copy: &mut [u8], damage: impl FnOnce(&mut [u8])) -> Option<ModelError> {
    copy.copy_from_slice(&MODEL.0);
    damage(copy);
    Model::open(copy).err()
}

/// Updates the checksum of an image.
fn seal(image: &mut [u8]) {
    let crc = Crc::<u32, NoTable>::new(&CRC_32_ISO_HDLC);
    let mut digest = crc.digest();
    digest.update(&image[..CHECKSUM.start]);
    digest.update(&image[CHECKSUM.end..]);
    image[CHECKSUM].copy_from_slice(&digest.finalize().to_le_bytes());
}

/// Logs the reason for a refusal; if there is none, ends the program with a failure.
fn refused(what: &str, reason: Option<impl fmt::Display>) {
    match reason {
        Some(reason) => defmt::info!("{=str}: {}", what, Display2Format(&reason)),
        None => {
            defmt::error!("{=str}: opened nevertheless", what);
            exit_failure();
        }
    }
}
