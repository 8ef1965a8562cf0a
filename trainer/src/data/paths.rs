//! Files and folders from which data is read.

use super::{DataError, Problem};
use elman_files::source::{self, Input};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Opens a file for reading.
pub(super) fn open(path: &Path) -> Result<Input, DataError> {
    source::open_regular(path).map_err(|error| DataError::whole(error.into()).of(path))
}

/// Returns the entries of a folder that are not hidden, in the order of their names; `true` marks a folder.
pub(super) fn entries(folder: &Path) -> Result<Vec<(PathBuf, bool)>, DataError> {
    let all = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let paths = all.map_err(|error| failed(folder, &error))?.into_iter();
    let seen = paths.filter(|entry| !entry.file_name().to_string_lossy().starts_with('.')).map(|entry| entry.path());
    let mut entries: Vec<_> = seen.map(|path| (path.clone(), path.is_dir())).collect();
    entries.sort();
    Ok(entries)
}

/// Returns the extension in lower case, since some programs write `.CSV`; an empty string if there is none.
pub(super) fn extension(path: &Path) -> String {
    path.extension().map_or_else(String::new, |extension| extension.to_string_lossy().to_ascii_lowercase())
}

/// Returns an error about the extension of a file.
pub(super) fn unknown(path: &Path, known: &'static str) -> DataError {
    DataError::whole(Problem::Extension { known }).of(path)
}

/// Returns a system error about a file or folder.
pub(super) fn failed(path: &Path, error: &io::Error) -> DataError {
    DataError::whole(Problem::Io(error.kind())).of(path)
}
