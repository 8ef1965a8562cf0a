//! Means and standard deviations of channels, as a table or as NumPy arrays.

use super::csv::{Table, put};
use super::names::channels;
use super::npy::Array;
use super::npz::Archive;
use super::paths::{self, extension, unknown};
use super::{Channel, DataError, DataSet, Options, Problem};
use csv::Writer;
use elman_files::source::LIMIT;
use elman_model::Scaler;
use std::io::ErrorKind;
use std::path::Path;

/// Names of the columns, or of the arrays.
const CHANNEL: &str = "channel";
const MEAN: &str = "mean";
const DEVIATION: &str = "std";

/// Reads the statistics of `channels` channels: a table with a row for each channel and the columns `mean` and
/// `std`, or an `.npz` with arrays of these names. scikit-learn's `StandardScaler` calls them `mean_` and
/// `scale_`.
///
/// # Errors
/// [`DataError`] for the first number that cannot be used, or if the file does not describe `channels`
/// channels.
pub fn read(path: &Path, channels: usize) -> Result<Scaler, DataError> {
    let read = match extension(path).as_str() {
        "csv" | "tsv" => of_table(path, channels),
        "npz" => of_archive(path, channels),
        _ => return Err(unknown(path, "csv, tsv or npz")),
    };
    read.map_err(|error| error.of(path))
}

fn of_table(path: &Path, expected: usize) -> Result<Scaler, DataError> {
    let Table { header, mut rows } = Table::open(paths::open(path)?, &Options::default().at(path))?;
    let [mean, deviation] = [header.usual(MEAN)?, header.usual(DEVIATION)?];
    let name = header.role(None, CHANNEL)?;
    let (mut scaler, mut found) = (Scaler::default(), 0);
    while let Some(row) = header.next(&mut rows)? {
        found += 1;
        if found > expected {
            continue;
        }
        let number = |column, check: fn(f64) -> Result<f64, Problem>| {
            let number = row.cell(column).parse();
            let number = number.map_err(|_| Problem::NotANumber { found: row.cell(column).to_string() });
            number.and_then(check).map_err(|problem| header.cell_error(&row, column, problem))
        };
        scaler.mean.push(number(mean, finite)?);
        scaler.deviation.push(number(deviation, divisor)?);
        scaler.channels.push(name.map_or_else(|| format!("x{}", found - 1), |column| row.cell(column).to_string()));
    }
    if found == expected { Ok(scaler) } else { Err(DataError::whole(Problem::Channels { found, expected })) }
}

fn of_archive(path: &Path, expected: usize) -> Result<Scaler, DataError> {
    let bytes = paths::open(path)?.bytes(LIMIT).map_err(|error| DataError::whole(error.into()))?;
    let archive = Archive::open(&bytes[..], bytes.len() as u64, LIMIT)?;
    let [mean, deviation] = [archive.needed(None, MEAN)?, archive.needed(None, DEVIATION)?];
    let numbers = |array: &Array<'_>, check: fn(f64) -> Result<f64, Problem>| {
        array.expect(expected)?;
        let number = |index| check(array.number(&[index])?).map_err(|problem| array.error(&[index], problem));
        let numbers = (0..expected).map(number).collect::<Result<Vec<_>, _>>();
        array.finish().and(numbers)
    };
    Ok(Scaler { channels: channels(expected), mean: numbers(&mean, finite)?, deviation: numbers(&deviation, divisor)? })
}

/// Returns the statistics as a table that [`read`] reads.
///
/// # Errors
/// [`DataError`] if memory runs out.
pub fn write(scaler: &Scaler) -> Result<Vec<u8>, DataError> {
    let mut table = Writer::from_writer(Vec::new());
    put(&mut table, &[CHANNEL, MEAN, DEVIATION])?;
    for ((name, mean), deviation) in scaler.channels.iter().zip(&scaler.mean).zip(&scaler.deviation) {
        put(&mut table, &[name.clone(), mean.to_string(), deviation.to_string()])?;
    }
    table.into_inner().map_err(|_| DataError::whole(Problem::Io(ErrorKind::Other)))
}

impl DataSet {
    /// Returns the mean and standard deviation of each channel's finite values. A channel that never changes, or
    /// changes too little for `f32` to divide by the deviation, gets the deviation 1, so that its values
    /// become 0 as long as they stay constant.
    ///
    /// Call this on the training part alone, like [`normalizer`](super::normalizer).
    ///
    /// # Errors
    /// [`Problem::Empty`] if a channel has no finite value.
    pub fn scaler(&self) -> Result<Scaler, DataError> {
        let mut scaler = Scaler::default();
        for Channel { name, mean, deviation, .. } in self.summary().channels {
            if mean.is_nan() {
                return Err(DataError::whole(Problem::Empty));
            }
            scaler.channels.push(name);
            scaler.mean.push(mean);
            scaler.deviation.push(divisor(deviation).unwrap_or(1.0));
        }
        Ok(scaler)
    }
}

fn finite(number: f64) -> Result<f64, Problem> {
    if (number as f32).is_finite() { Ok(number) } else { Err(Problem::NotFinite { found: format!("{number:?}") }) }
}

/// Returns the number if `f32` can divide by it.
fn divisor(number: f64) -> Result<f64, Problem> {
    let usable = |number: f64| number > 0.0 && (number as f32).is_finite();
    if usable(number) && usable(1.0 / number) {
        Ok(number)
    } else {
        Err(Problem::NotADeviation { found: format!("{number:?}") })
    }
}
