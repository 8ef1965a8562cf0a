//! A run as a file: 8 bytes that say what it is, the version, the length of the rest, its CRC-32, the rest in `postcard`.

use super::error::{CheckpointError, CheckpointFlaw as Flaw};
use super::numbers::Numbers;
use super::state::State;
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// The first byte is no ASCII and the last two are a line end, so a transfer that takes it for a text is noticed.
const MAGIC: [u8; 8] = *b"\x89elfit\r\n";
const VERSION: u32 = 1;
const HEADER: usize = MAGIC.len() + 4 + 8 + 4;

static CRC: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);

/// A run between two updates.
#[derive(Debug, Serialize, Deserialize)]
pub struct Checkpoint {
    pub run: Identity,
    pub state: State,
    pub numbers: Numbers,
    /// The weights of the best epoch so far.
    pub best: Option<Vec<f64>>,
}

/// What tells a run from others. Epochs, schedule and patience may differ: then the run goes on with the new ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    /// Number type and tensors.
    pub network: String,
    pub samples: usize,
    pub batch: usize,
    pub seed: u64,
    pub moments: usize,
}

impl Identity {
    /// What differs, if it is not `expected`.
    fn check(&self, expected: &Self) -> Result<(), Flaw> {
        let pairs = [
            ("network", self.network.clone(), expected.network.clone()),
            ("number of training samples", self.samples.to_string(), expected.samples.to_string()),
            ("batch", self.batch.to_string(), expected.batch.to_string()),
            ("seed", self.seed.to_string(), expected.seed.to_string()),
            ("optimizer's number of moments", self.moments.to_string(), expected.moments.to_string()),
        ];
        let other = pairs.into_iter().find(|(_, found, expected)| found != expected);
        other.map_or(Ok(()), |(what, found, expected)| Err(Flaw::Foreign { what, found, expected }))
    }
}

/// The run that `path` holds; `None` if there is no such file.
pub fn read(path: &Path, expected: &Identity) -> Result<Option<Checkpoint>, CheckpointError> {
    let found = match fs::read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => check_folder(path).map(|()| None),
        Err(error) => Err(Flaw::Read(error)),
        Ok(bytes) => open(&bytes).map(Some),
    };
    let checkpoint = found.and_then(|checkpoint| {
        let Some(checkpoint) = checkpoint else { return Ok(None) };
        checkpoint.run.check(expected)?;
        if checkpoint.state.is_sound(expected.samples) { Ok(Some(checkpoint)) } else { Err(Flaw::Damaged) }
    });
    checkpoint.map_err(|flaw| CheckpointError { path: path.into(), flaw })
}

/// Whether there is a folder to write to: the first epoch may take long, and would be lost.
fn check_folder(path: &Path) -> Result<(), Flaw> {
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => fs::metadata(folder).map(drop).map_err(Flaw::Write),
        None => Ok(()),
    }
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

/// The next `N` bytes.
fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, left) = rest.split_first_chunk()?;
    *rest = left;
    Some(*taken)
}

/// Writes a run to `path`. Whatever happens meanwhile, the file is the one before or the new one.
pub fn write(path: &Path, checkpoint: &Checkpoint) -> Result<(), CheckpointError> {
    let bytes = postcard::to_allocvec(checkpoint).map_err(|error| io::Error::other(error.to_string()));
    let written = bytes.and_then(|body| {
        let beside = beside(path);
        let mut file = File::create(&beside)?;
        file.write_all(&MAGIC)?;
        file.write_all(&VERSION.to_le_bytes())?;
        file.write_all(&(body.len() as u64).to_le_bytes())?;
        file.write_all(&CRC.checksum(&body).to_le_bytes())?;
        file.write_all(&body)?;
        file.sync_all()?;
        fs::rename(beside, path)
    });
    written.map_err(|error| CheckpointError { path: path.into(), flaw: Flaw::Write(error) })
}

/// A file beside `path` that takes its place once it is complete.
fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".part");
    name.into()
}
