use super::{DataError, DataSet, Options, Problem, csv, npy, npz, rnnd};
use crate::output;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Reads a data set: `.csv` and `.tsv` in long form, `.npy`, `.npz`, `.rnnd`, or a folder of tables.
///
/// # Errors
/// [`DataError`] with the file and the place in it.
pub fn read(path: &Path, options: &Options) -> Result<DataSet, DataError> {
    if path.is_dir() {
        return csv::read_folder(path, options);
    }
    let read = match extension(path).as_str() {
        "csv" | "tsv" => csv::read,
        "npy" => npy::read,
        "npz" => npz::read,
        "rnnd" => rnnd::read,
        _ => return Err(unknown(path, "csv, tsv, npy, npz, rnnd or a folder")),
    };
    read(&bytes(path)?, &options.at(path)).map_err(|error| error.of(path))
}

/// Writes a data set: `.csv` in long form, `.npz` or `.rnnd`. What was there is replaced as a whole, as [`output`] does it.
///
/// # Errors
/// [`DataError`] if the format cannot hold the data set, or the file not be written.
pub fn write(path: &Path, data: &DataSet) -> Result<(), DataError> {
    let write = match extension(path).as_str() {
        "csv" => csv::write,
        "npz" => npz::write,
        "rnnd" => rnnd::write,
        _ => return Err(unknown(path, "csv, npz or rnnd")),
    };
    let bytes = write(data).map_err(|error| error.of(path))?;
    output::write(path, &bytes).map_err(|failure| failed(path, &failure.error))
}

/// The bytes of a file.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, DataError> {
    fs::read(path).map_err(|error| failed(path, &error))
}

/// What lies in a folder and is not hidden, in the order of the names; `true` for a folder.
pub(super) fn entries(folder: &Path) -> Result<Vec<(PathBuf, bool)>, DataError> {
    let all = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let paths = all.map_err(|error| failed(folder, &error))?.into_iter();
    let seen = paths.filter(|entry| !entry.file_name().to_string_lossy().starts_with('.')).map(|entry| entry.path());
    let mut entries: Vec<_> = seen.map(|path| (path.clone(), path.is_dir())).collect();
    entries.sort();
    Ok(entries)
}

/// In lower case, since some programs write `.CSV`; nothing if there is none.
pub(super) fn extension(path: &Path) -> String {
    path.extension().map_or_else(String::new, |extension| extension.to_string_lossy().to_ascii_lowercase())
}

/// An error about the extension of a file.
pub(super) fn unknown(path: &Path, known: &'static str) -> DataError {
    DataError::whole(Problem::Extension { known }).of(path)
}

fn failed(path: &Path, error: &io::Error) -> DataError {
    DataError::whole(Problem::Io(error.kind())).of(path)
}
