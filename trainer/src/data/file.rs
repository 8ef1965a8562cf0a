use super::paths::{extension, failed, open, unknown};
use super::stream::{Check, Stream};
use super::{DataError, DataSet, Notes, Options, Problem, csv, npy, npz, rnnd};
use elman_files::output;
use elman_files::source::{self, Input};
use rawzip::FileReader;
use std::io::{self, Read};
use std::path::Path;

/// Reads a data set: `.csv` and `.tsv` in long form, `.npy`, `.npz`, `.rnnd`, or a folder of tables. The path `-`
/// is standard input, whose format is recognised by its first bytes; if they match no other format, it is
/// read as a table.
///
/// # Errors
/// [`DataError`] with the file and the location in it.
pub fn read(path: &Path, options: &Options) -> Result<DataSet, DataError> {
    Ok(read_noted(path, options)?.0)
}

/// Same as [`read`], but also returns the oddities noted while reading.
///
/// # Errors
/// Same as [`read`].
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

/// Reads a data set from standard input.
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
        // The directory of an archive is at its end, so the whole archive is stored first.
        Format::Archive => {
            let (file, length) = source::store(input, options.limit).map_err(|error| DataError::whole(error.into()))?;
            npz::read_archive(FileReader::from(file), length, options)
        }
    }
}

/// Writes a data set: `.csv` in long form, `.npz` or `.rnnd`. An existing file is replaced as a whole, as
/// described in [`output`].
///
/// # Errors
/// [`DataError`] if the format cannot hold the data set, or the file cannot be written.
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
