//! NumPy's `.npy`: one array of values, and the labels in another file.
//!
//! The array is (N, T, C): sequences, steps, channels; or two-dimensional, see [`Axes`](super::Axes); or (T,), one sequence of
//! one channel. Numbers may be booleans, integers or floats of any width, in either byte order, in C or Fortran order.
//! Labels are one of each sequence, (N,), or one of each step, (N, T), as whole numbers or text.

mod array;
mod assemble;
mod header;
mod shape;

pub(super) use self::array::{Array, write as write_array};
pub(super) use self::assemble::Arrays;
use super::{DataError, DataSet, Options, file};

/// The name that the only array of a file is called by in errors.
const VALUES: &str = "X";

/// Reads the sequences of an array, with the labels of the file in `options.labels` if there is one.
///
/// # Errors
/// [`DataError`] if the bytes are not exactly one array of such a shape.
pub fn read(bytes: &[u8], options: &Options) -> Result<DataSet, DataError> {
    let mut arrays = Arrays::of(Array::parse(VALUES, bytes.into())?);
    if let Some(labels) = &options.labels {
        let bytes = file::bytes(labels)?;
        let parsed = Array::parse("y", bytes.into());
        arrays.labels = Some(parsed.map_err(|error| error.of(labels))?);
    }
    arrays.data_set(options)
}
