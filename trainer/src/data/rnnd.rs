//! The `.rnnd` layout: labelled sequences as little-endian bytes. `data/README.md` describes every one.
//!
//! It holds no names: channels are called `x0`, `x1`, ..., classes and groups by their numbers.

use super::names::{Names, channels, check_classes, numbered};
use super::{DataError, DataSet, Label, Options, Place, Problem, Series};

const MAGIC: &[u8; 8] = b"RNND1\0\0\0";
/// Channels or classes that a network can have.
const MOST: usize = 1 << 16;

/// Reads a data set. The classes of the options, if there are any, are the names.
///
/// # Errors
/// [`DataError`] unless the bytes are exactly one data set.
pub fn read(bytes: &[u8], options: &Options) -> Result<DataSet, DataError> {
    let mut rest = Rest { bytes, at: 0 };
    if rest.take(MAGIC.len())? != MAGIC {
        return Err(DataError::whole(Problem::NotThe("an .rnnd file: it does not begin with RNND1")));
    }
    let [count, width, classes] = [rest.size()?, rest.size()?, rest.size()?];
    if width == 0 || classes == 0 {
        return Err(DataError::whole(Problem::NothingToLearn));
    }
    for (what, found) in [("channels", width), ("classes", classes)] {
        if found > MOST {
            return Err(DataError::whole(Problem::TooMany { what, found, most: MOST }));
        }
    }
    let mut groups = Names::new(None);
    // Not reserved up front: a wrong count must not ask for more memory than the bytes could fill.
    let mut series = Vec::new();
    for index in 0..count {
        let at = |problem| DataError::new(Place::Sequence(index), problem);
        let [label, group] = [rest.size()?, rest.size()?];
        if label >= classes {
            return Err(at(Problem::LabelOutOfRange { label: label as i64, classes }));
        }
        let group = groups.number(&group.to_string()).map_err(at)?;
        series.push(Series { label: Label::Whole(label), group, steps: rest.steps(width, options)? });
    }
    if rest.at < bytes.len() {
        return Err(DataError::new(Place::Byte(rest.at), Problem::TrailingBytes));
    }
    let (groups, places) = groups.sorted();
    series.iter_mut().for_each(|series| series.group = places[series.group]);
    Ok(DataSet { channels: channels(width), classes: names(classes, options)?, groups, series })
}

/// The bytes of a data set, without its names. A group keeps its number if all of them are called by one.
///
/// # Errors
/// [`DataError`] if a sequence does not have one label.
pub fn write(data: &DataSet) -> Result<Vec<u8>, DataError> {
    let mut bytes = MAGIC.to_vec();
    put(&mut bytes, [data.series.len(), data.channels.len(), data.classes.len()]);
    let groups = group_numbers(&data.groups);
    for (index, series) in data.series.iter().enumerate() {
        let Label::Whole(label) = series.label else {
            let problem = Problem::Labelling { found: series.label.kind(), expected: "one label" };
            return Err(DataError::new(Place::Sequence(index), problem));
        };
        put(&mut bytes, [label, groups[series.group], data.length(series)]);
        series.steps.iter().for_each(|value| bytes.extend(value.to_le_bytes()));
    }
    Ok(bytes)
}

fn put(bytes: &mut Vec<u8>, numbers: [usize; 3]) {
    numbers.iter().for_each(|&number| bytes.extend((number as u32).to_le_bytes()));
}

/// The names of the classes: those given, if they are as many.
fn names(classes: usize, options: &Options) -> Result<Vec<String>, DataError> {
    let names = options.classes.clone().unwrap_or_else(|| numbered(classes));
    if names.len() != classes {
        return Err(DataError::whole(Problem::ClassNames { found: names.len(), expected: classes }));
    }
    check_classes(&names)?;
    Ok(names)
}

/// The number of each group: its name if all names are numbers, otherwise from 1, since 0 is unknown.
fn group_numbers(names: &[String]) -> Vec<usize> {
    let number = |name: &String| name.parse::<u32>().ok().map(|number| number as usize);
    let numbers: Option<Vec<_>> = names.iter().map(number).collect();
    numbers.unwrap_or_else(|| (1..=names.len()).collect())
}

/// What is left to read.
struct Rest<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Rest<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], DataError> {
        let end = self.at.checked_add(count);
        let taken = end.and_then(|end| self.bytes.get(self.at..end));
        let taken = taken.ok_or_else(|| DataError::new(Place::Byte(self.bytes.len()), Problem::Truncated))?;
        self.at += count;
        Ok(taken)
    }

    fn size(&mut self) -> Result<usize, DataError> {
        Ok(self.take(4)?.iter().rev().fold(0, |value, &byte| value << 8 | usize::from(byte)))
    }

    /// The values of a sequence, after its length.
    fn steps(&mut self, channels: usize, options: &Options) -> Result<Vec<f32>, DataError> {
        let bytes = self.size()?.checked_mul(channels).and_then(|values| values.checked_mul(4));
        let start = self.at;
        let (values, _) = self.take(bytes.unwrap_or(usize::MAX))?.as_chunks();
        let value = |(index, &bytes)| {
            let value = options.finite(f32::from_le_bytes(bytes));
            value.map_err(|problem| DataError::new(Place::Byte(start + 4 * index), problem))
        };
        values.iter().enumerate().map(value).collect()
    }
}
