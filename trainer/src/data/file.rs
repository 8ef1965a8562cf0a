use super::{DataError, DataSet, Notes, Options, Problem, csv, npy, npz, rnnd};
use crate::output;
use crate::source::{self, Input};
use rawzip::FileReader;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Reads a data set: `.csv` and `.tsv` in long form, `.npy`, `.npz`, `.rnnd`, or a folder of tables. The path `-` is standard
/// input, whose first bytes say what it is: a table unless they are those of another format.
///
/// # Errors
/// [`DataError`] with the file and the place in it.
pub fn read(path: &Path, options: &Options) -> Result<DataSet, DataError> {
    Ok(read_noted(path, options)?.0)
}

/// The same, with what was odd while it was read.
///
/// # Errors
/// As of [`read`].
pub fn read_noted(path: &Path, options: &Options) -> Result<(DataSet, Notes), DataError> {
    if source::is_stdin(path) {
        return read_stdin(options).map_err(|error| error.of(path));
    }
    if path.is_dir() {
        return csv::read_folder_noted(path, options);
    }
    let options = options.at(path);
    let read = |format: Format| match format {
        Format::Archive => match open(path)? {
            Input::File(file, length) => npz::read_archive(FileReader::from(file), length, &options),
            input @ Input::Stdin(_) => read_stream(format, input, None, &options),
        },
        _ => {
            let input = open(path)?;
            let length = input.length();
            read_stream(format, input, length, &options)
        }
    };
    let format = match extension(path).as_str() {
        "csv" | "tsv" => Format::Table,
        "npy" => Format::Array,
        "npz" => Format::Archive,
        "rnnd" => Format::Rnnd,
        _ => return Err(unknown(path, "csv, tsv, npy, npz, rnnd or a folder")),
    };
    read(format).map_err(|error| error.of(path))
}

#[derive(Clone, Copy)]
enum Format {
    Table,
    Array,
    Archive,
    Rnnd,
}

/// Reads what comes through standard input.
fn read_stdin(options: &Options) -> Result<(DataSet, Notes), DataError> {
    let (mut input, mut begin) = (io::stdin(), Vec::new());
    let read = (&mut input).take(8).read_to_end(&mut begin);
    read.map_err(|error| DataError::whole(Problem::Io(error.kind())))?;
    let format = match &begin[..] {
        [0x93, b'N', b'U', ..] => Format::Array,
        [b'P', b'K', ..] => Format::Archive,
        [b'R', b'N', b'N', b'D', b'1', 0, ..] => Format::Rnnd,
        _ => Format::Table,
    };
    read_stream(format, begin.chain(input), None, options)
}

fn read_stream(
    format: Format,
    input: impl Read,
    length: Option<u64>,
    options: &Options,
) -> Result<(DataSet, Notes), DataError> {
    match format {
        Format::Table => csv::read_stream(input, options),
        Format::Array => npy::read_stream(input, length, options),
        Format::Rnnd => rnnd::read_stream(input, options),
        // Its directory stands at its end.
        Format::Archive => {
            let (file, length) = source::store(input, options.limit).map_err(|error| DataError::whole(error.into()))?;
            npz::read_archive(FileReader::from(file), length, options)
        }
    }
}

/// Writes a data set: `.csv` in long form, `.npz` or `.rnnd`. What was there is replaced as a whole, as [`output`] does it.
///
/// # Errors
/// [`DataError`] if the format cannot hold the data set, or the file not be written.
pub fn write(path: &Path, data: &DataSet) -> Result<(), DataError> {
    let (check, stream): (Check, Stream) = match extension(path).as_str() {
        "csv" => (csv::check, csv::stream),
        "npz" => (npz::check, npz::stream),
        "rnnd" => (rnnd::check, rnnd::stream),
        _ => return Err(unknown(path, "csv, npz or rnnd")),
    };
    check(data).map_err(|error| error.of(path))?;
    output::write_with(path, &|sink| stream(data, sink)).map_err(|failure| failed(path, &failure.error))
}

/// Refuses a data set that a format cannot hold.
type Check = fn(&DataSet) -> Result<(), DataError>;
/// Writes a data set that has passed the check.
type Stream = fn(&DataSet, &mut dyn Write) -> io::Result<()>;

/// What a format writes, in memory.
pub(super) fn bytes(data: &DataSet, check: Check, stream: Stream) -> Result<Vec<u8>, DataError> {
    check(data)?;
    let mut bytes = Vec::new();
    stream(data, &mut bytes).map_err(|error| DataError::whole(Problem::Io(error.kind())))?;
    Ok(bytes)
}

/// A file that is to be read.
pub(super) fn open(path: &Path) -> Result<Input, DataError> {
    source::open_regular(path).map_err(|error| DataError::whole(error.into()).of(path))
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
