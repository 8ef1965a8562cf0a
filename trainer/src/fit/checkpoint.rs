//! File format of a checkpoint: 8 magic bytes, the version, the length and the CRC-32 of the body, and the
//! body in `postcard` form.

use super::error::CheckpointFlaw as Flaw;
use super::identity::Identity;
use super::numbers::Numbers;
use super::state::{Kept, State};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

/// The first byte is not ASCII and the last two are a line end, so that damage by a text-mode transfer is
/// noticed.
const MAGIC: [u8; 8] = *b"\x89elfit\r\n";
const VERSION: u32 = 3;
const HEADER: usize = MAGIC.len() + 4 + 8 + 4;

static CRC: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);

/// A run saved between two updates.
#[derive(Debug, Serialize, Deserialize)]
pub struct Checkpoint {
    pub run: Identity,
    pub state: State,
    pub numbers: Numbers,
    pub kept: Kept,
}

/// Reads the run stored at `path`; `None` if there is no such file.
pub fn read(path: &Path, expected: &Identity) -> Result<Option<Checkpoint>, Flaw> {
    let checkpoint = match fs::read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Flaw::Read(error)),
        Ok(bytes) => open(&bytes)?,
    };
    checkpoint.run.check(expected)?;
    if checkpoint.state.is_sound(expected.samples) { Ok(Some(checkpoint)) } else { Err(Flaw::Damaged) }
}

fn open(bytes: &[u8]) -> Result<Checkpoint, Flaw> {
    let mut rest = bytes;
    let magic = take(&mut rest).ok_or(Flaw::NotACheckpoint)?;
    if magic != MAGIC {
        return Err(Flaw::NotACheckpoint);
    }
    let short = || Flaw::Length { found: bytes.len() as u64, expected: HEADER as u64 };
    let version = u32::from_le_bytes(take(&mut rest).ok_or_else(short)?);
    if version != VERSION {
        return Err(Flaw::Version { found: version });
    }
    let length = u64::from_le_bytes(take(&mut rest).ok_or_else(short)?);
    let checksum = u32::from_le_bytes(take(&mut rest).ok_or_else(short)?);
    if rest.len() as u64 != length {
        return Err(Flaw::Length { found: bytes.len() as u64, expected: length.saturating_add(HEADER as u64) });
    }
    if CRC.checksum(rest) != checksum {
        return Err(Flaw::Damaged);
    }
    postcard::from_bytes(rest).map_err(|_| Flaw::Damaged)
}

/// Takes the next `N` bytes.
fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, left) = rest.split_first_chunk()?;
    *rest = left;
    Some(*taken)
}

impl Checkpoint {
    /// Returns the bytes of the file.
    pub fn bytes(&self) -> Result<Vec<u8>, Flaw> {
        let body = postcard::to_allocvec(self).map_err(|error| Flaw::Write(io::Error::other(error.to_string())))?;
        let (length, checksum) = (body.len() as u64, CRC.checksum(&body));
        Ok([&MAGIC[..], &VERSION.to_le_bytes(), &length.to_le_bytes(), &checksum.to_le_bytes(), &body].concat())
    }
}
