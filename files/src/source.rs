//! Files to read: regular ones, and `-` for standard input.
//!
//! Opening a named pipe could wait forever and a device has no end, so neither is opened. Nothing is read that
//! exceeds the limit or does not fit in memory.
//!
//! ```
//! use elman_files::source::{self, LIMIT, SourceError};
//!
//! let error = source::open_regular("/dev/null".as_ref()).unwrap_err();
//! assert_eq!(error, SourceError::NotRegular("a device"));
//! assert!(source::bytes("Cargo.toml".as_ref(), LIMIT)?.starts_with(b"[package]"));
//! # Ok::<(), SourceError>(())
//! ```

use std::error::Error;
use std::fmt;
use std::fs::{self, File, FileType};
use std::io::{self, ErrorKind, Read, Stdin};
use std::path::{Component, Path, PathBuf};

/// Default limit on the memory that a file may take: 1 GiB.
pub const LIMIT: u64 = 1 << 30;
/// Bytes read at a time.
const CHUNK: u64 = 1 << 20;

/// A regular file, or standard input.
#[derive(Debug)]
pub enum Input {
    /// A file and its length in bytes.
    File(File, u64),
    /// Standard input.
    Stdin(Stdin),
}

/// Reason why a file cannot be read. Its message does not include the path, which the caller knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceError {
    /// The file does not exist, or the system cannot read it.
    Io(ErrorKind),
    /// The path leads to this kind of file instead of a regular one.
    NotRegular(&'static str),
    /// The file has more bytes than the limit.
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// There is not enough memory for this many bytes.
    Memory {
        /// Number of bytes requested.
        bytes: u64,
    },
    /// The name of a file leads out of the folder.
    Outside,
}

/// Opens a regular file, or standard input if the path is `-`. Write `./-` for a file called `-`.
///
/// # Errors
/// [`SourceError::NotRegular`] for a folder, a named pipe, a socket or a device; [`SourceError::Io`] if it cannot be
/// opened.
pub fn open_regular(path: &Path) -> Result<Input, SourceError> {
    if is_stdin(path) {
        return Ok(Input::Stdin(io::stdin()));
    }
    // Check the path before opening it, since opening a named pipe waits, and the open file, since a path can change.
    regular(fs::metadata(path)?.file_type())?;
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    regular(metadata.file_type())?;
    Ok(Input::File(file, metadata.len()))
}

/// Returns the bytes of a regular file, or of standard input if the path is `-`, up to a limit.
///
/// # Errors
/// [`SourceError`] as for [`open_regular`], or if there are more bytes than the limit or the memory allows.
pub fn bytes(path: &Path, limit: u64) -> Result<Vec<u8>, SourceError> {
    open_regular(path)?.bytes(limit)
}

/// Returns `true` for the path that stands for standard input.
#[must_use]
pub fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Returns the path of a file in `folder` whose name comes from another file. The name must be a relative path
/// without `..` and without symbolic links that lead out of the folder.
///
/// # Errors
/// [`SourceError::Outside`] if the name leads out of the folder, [`SourceError::Io`] if the file does not exist.
pub fn within(folder: &Path, name: &Path) -> Result<PathBuf, SourceError> {
    if !name.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
        return Err(SourceError::Outside);
    }
    let path = folder.join(name);
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    if fs::canonicalize(&path)?.starts_with(fs::canonicalize(folder)?) { Ok(path) } else { Err(SourceError::Outside) }
}

impl Input {
    /// Returns the number of bytes, if it is known before reading.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        match self {
            Self::File(_, length) => Some(*length),
            Self::Stdin(_) => None,
        }
    }

    /// Reads all bytes.
    ///
    /// # Errors
    /// [`SourceError`] if there are more bytes than the limit or the memory allows.
    pub fn bytes(self, limit: u64) -> Result<Vec<u8>, SourceError> {
        let expected = self.length().unwrap_or_default();
        read_all(self, expected, limit)
    }
}

/// Stores the input in an unnamed file and returns the file with its length.
///
/// # Errors
/// [`SourceError`] if the input is longer than the limit, or cannot be read or stored.
pub fn store(input: impl Read, limit: u64) -> Result<(File, u64), SourceError> {
    let mut file = tempfile::tempfile()?;
    let length = io::copy(&mut input.take(limit.saturating_add(1)), &mut file)?;
    if length > limit { Err(SourceError::TooLarge { limit }) } else { Ok((file, length)) }
}

/// Reads all bytes of `input`; `expected` is their likely number.
///
/// # Errors
/// [`SourceError`] if there are more bytes than the limit or the memory allows.
pub fn read_all(mut input: impl Read, expected: u64, limit: u64) -> Result<Vec<u8>, SourceError> {
    if expected > limit {
        return Err(SourceError::TooLarge { limit });
    }
    let mut bytes = Vec::new();
    reserve(&mut bytes, expected + CHUNK)?;
    loop {
        // Reserve the memory for each chunk first, so that reading never allocates.
        reserve(&mut bytes, CHUNK)?;
        match (&mut input).take(CHUNK).read_to_end(&mut bytes)? {
            0 => return Ok(bytes),
            _ if bytes.len() as u64 > limit => return Err(SourceError::TooLarge { limit }),
            _ => (),
        }
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file, _) => file.read(buffer),
            Self::Stdin(stdin) => stdin.read(buffer),
        }
    }
}

/// Reserves room for `more` bytes.
fn reserve(bytes: &mut Vec<u8>, more: u64) -> Result<(), SourceError> {
    let room = usize::try_from(more).ok().and_then(|count| bytes.try_reserve(count).ok());
    room.ok_or(SourceError::Memory { bytes: bytes.len() as u64 + more })
}

fn regular(kind: FileType) -> Result<(), SourceError> {
    if kind.is_file() { Ok(()) } else { Err(SourceError::NotRegular(name(kind))) }
}

/// Returns the name of a kind of file, such as a device, that is not regular.
#[cfg(unix)]
fn name(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    match kind {
        _ if kind.is_dir() => "a folder",
        _ if kind.is_fifo() => "a named pipe",
        _ if kind.is_socket() => "a socket",
        _ => "a device",
    }
}

#[cfg(not(unix))]
fn name(kind: FileType) -> &'static str {
    if kind.is_dir() { "a folder" } else { "a device" }
}

impl From<io::Error> for SourceError {
    fn from(error: io::Error) -> Self {
        Self::Io(error.kind())
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // The standard library's text is "entity not found".
            Self::Io(ErrorKind::NotFound) => f.write_str("there is no such file or folder"),
            Self::Io(kind) => write!(f, "{kind}"),
            Self::NotRegular(kind @ "a folder") => write!(f, "this is {kind}, not a regular file"),
            Self::NotRegular(kind) => {
                write!(f, "this is {kind}, not a regular file; use `-` to read standard input")
            }
            Self::TooLarge { limit } => {
                write!(f, "it would take more than {} of memory; raise the limit with --limit", Size(*limit))
            }
            Self::Memory { bytes } => write!(f, "there is not enough memory for {}", Size(*bytes)),
            Self::Outside => f.write_str("the name leads out of the folder; name files relative to the folder"),
        }
    }
}

/// A number of bytes, displayed in the largest unit that divides it.
struct Size(u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
        let whole = units.into_iter().find(|(bits, _)| self.0 >= 1 << bits && self.0.is_multiple_of(1 << bits));
        match whole {
            Some((bits, unit)) => write!(f, "{} {unit}", self.0 >> bits),
            None => write!(f, "{} bytes", self.0),
        }
    }
}

impl Error for SourceError {}
