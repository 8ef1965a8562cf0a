//! NumPy's `.npy`: one array of values, and the labels in another file.
//!
//! The array is (N, T, C): sequences, steps, channels; or two-dimensional, see [`Axes`](super::Axes); or (T,),
//! one sequence of one channel. Values may be booleans, integers or floats of any width, in either byte order, in
//! C or Fortran order. There is one label for each sequence, (N,), or for each step, (N, T), as a whole number or
//! text.

mod array;
mod assemble;
mod header;
mod shape;
mod window;

pub(super) use self::array::{Array, write_header};
pub(super) use self::assemble::Arrays;
use super::{DataError, DataSet, Notes, Options, paths};
use std::io::Read;

/// Name of a file's only array in error messages.
const VALUES: &str = "X";

/// Reads the sequences of an array, with the labels from the file `options.labels`, if given.
///
/// # Errors
/// [`DataError`] unless the bytes are exactly one array of a supported shape.
pub fn read(bytes: &[u8], options: &Options) -> Result<DataSet, DataError> {
    Ok(read_stream(bytes, Some(bytes.len() as u64), options)?.0)
}

/// Reads the sequences of an array from a stream; `length` is its number of bytes, if known.
pub(super) fn read_stream(
    input: impl Read,
    length: Option<u64>,
    options: &Options,
) -> Result<(DataSet, Notes), DataError> {
    let mut arrays = Arrays::of(Array::open(VALUES, input, length, options.limit)?);
    if let Some(labels) = &options.labels {
        let input = paths::open(labels)?;
        let length = input.length();
        let array = Array::open("y", input, length, options.limit);
        arrays.labels = Some(array.map_err(|error| error.of(labels))?);
    }
    arrays.data_set(options)
}
