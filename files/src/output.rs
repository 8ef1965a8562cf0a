//! Output files that are always either the complete old or the complete new version, even if the program is
//! interrupted.
//!
//! A new file is written next to the old one, flushed to disk and renamed. If there are several files, all are
//! complete before the first is renamed. Mode and owner are kept (the owner if the system allows it); a symbolic
//! link is kept, and its target is replaced. Other hard links keep the old contents. `-` and `/dev/stdout` are
//! standard output; a pipe, a device or an open descriptor (`/dev/fd/3`) is written directly.
//!
//! A program that is killed may leave a hidden file, `.model.elman.x1y2z3.elman-part`. The next write of `model.elman`
//! removes it.
//!
//! ```
//! # let folder = std::env::temp_dir().join("elman-output-example");
//! # std::fs::create_dir_all(&folder)?;
//! use elman_files::output;
//! output::write(&folder.join("model.elman"), b"all of it")?;
//! assert_eq!(std::fs::read(folder.join("model.elman"))?, b"all of it");
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod place;
mod staged;

pub use place::{beside, is_same_file, is_stdout, resolved};

use place::Place;
use staged::Staged;
use std::error::Error;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

/// Error returned when a file cannot be written. Existing files are unchanged, except when renaming fails after the
/// first of several files, and except for pipes and devices.
#[derive(Debug)]
pub struct OutputError {
    /// Path of the file, as the caller gave it.
    pub path: PathBuf,
    /// Reason for the failure.
    pub error: io::Error,
}

impl fmt::Display for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, error } = self;
        if is_stdout(path) { write!(f, "standard output: {error}") } else { write!(f, "{}: {error}", path.display()) }
    }
}

impl Error for OutputError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.error)
    }
}

/// Writes a file.
///
/// # Errors
/// [`OutputError`] if the file or its folder cannot be written.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), OutputError> {
    write_all(&[(path, bytes)])
}

/// Writes a file piece by piece, so that its bytes need not all be in memory at once.
///
/// # Errors
/// [`OutputError`] if the file or its folder cannot be written, or if `fill` fails.
pub fn write_with(path: &Path, fill: Fill<'_>) -> Result<(), OutputError> {
    place_all(&[(path, fill)])
}

/// Function that writes the contents of a file to the given writer.
pub type Fill<'a> = &'a dyn Fn(&mut dyn Write) -> io::Result<()>;

/// Writes several files; none is replaced before all are complete on disk. Programs that write the same files at
/// the same time take turns, so that all files come from the same program.
///
/// # Errors
/// [`OutputError`] for the first file that cannot be written or is the same as an earlier one.
pub fn write_all(files: &[(&Path, &[u8])]) -> Result<(), OutputError> {
    let fills: Vec<_> = files.iter().map(|(_, bytes)| |sink: &mut dyn Write| sink.write_all(bytes)).collect();
    let files: Vec<_> = files.iter().zip(&fills).map(|(&(path, _), fill)| (path, fill as Fill<'_>)).collect();
    place_all(&files)
}

fn place_all(files: &[(&Path, Fill<'_>)]) -> Result<(), OutputError> {
    let mut prepared: Vec<Prepared<'_>> = Vec::with_capacity(files.len());
    for &(path, fill) in files {
        let one = Prepared::new(path, fill).map_err(|error| failed(path, error))?;
        if prepared.iter().any(|earlier| earlier.is_same(&one)) {
            return Err(failed(
                path,
                io::Error::other("two outputs are this same file; give one of them another name"),
            ));
        }
        prepared.push(one);
    }
    let _turn = if files.len() > 1 { prepared.iter().find_map(Prepared::staged).and_then(Staged::turn) } else { None };
    // Do nothing else between the first and the last rename, so that a kill is unlikely to fall between them.
    let finished = prepared.into_iter().zip(files);
    let finished = finished.map(|(one, &(path, _))| one.finish().map_err(|error| failed(path, error)));
    let targets: Vec<_> = finished.collect::<Result<_, _>>()?;
    targets.iter().zip(files).try_for_each(|(target, (path, _))| {
        target.as_deref().map_or(Ok(()), staged::settle).map_err(|error| failed(path, error))
    })
}

fn failed(path: &Path, error: io::Error) -> OutputError {
    OutputError { path: path.into(), error }
}

/// Output that is ready except for its last step, the only step that can still fail.
enum Prepared<'a> {
    Stdout(Fill<'a>),
    Stream(fs::File, Fill<'a>),
    File(Staged),
}

impl<'a> Prepared<'a> {
    fn new(path: &Path, fill: Fill<'a>) -> io::Result<Self> {
        Ok(match Place::of(path)? {
            Place::Stdout => Self::Stdout(fill),
            // Append, since another program may have begun the file behind a descriptor.
            Place::Stream(path) => Self::Stream(fs::File::options().append(true).open(path)?, fill),
            Place::File(path) => Self::File(Staged::new(path, fill)?),
        })
    }

    /// Performs the last step. Returns the path if a file was renamed.
    fn finish(self) -> io::Result<Option<PathBuf>> {
        match self {
            Self::Stdout(fill) => through(io::stdout().lock(), fill).map(|()| None),
            Self::Stream(file, fill) => through(file, fill).map(|()| None),
            Self::File(staged) => staged.rename().map(Some),
        }
    }

    fn staged(&self) -> Option<&Staged> {
        if let Self::File(staged) = self { Some(staged) } else { None }
    }

    fn is_same(&self, other: &Self) -> bool {
        self.staged().zip(other.staged()).is_some_and(|(a, b)| a.target() == b.target())
    }
}

fn through(sink: impl Write, fill: Fill<'_>) -> io::Result<()> {
    let mut sink = BufWriter::new(sink);
    fill(&mut sink)?;
    sink.flush()
}
