//! The `.rnnd` layout: labelled sequences as little-endian bytes. `data/README.md` describes every byte.
//!
//! The format has no names: channels are called `x0`, `x1`, ..., and classes and groups are named by number.

use super::draft::Draft;
use super::names::{Names, channels, numbered};
use super::numbering::check_classes;
use super::stream::in_memory;
use super::{DataError, DataSet, Label, MOST, Notes, Options, Place, Problem};
use std::io::{self, BufReader, ErrorKind, Read, Write};

const MAGIC: &[u8; 8] = b"RNND1\0\0\0";
/// Number of values read at a time.
const CHUNK: usize = 1 << 10;

/// Reads a data set. If the options list classes, they name the classes of the data set.
///
/// # Errors
/// [`DataError`] unless the bytes are exactly one data set.
pub fn read(bytes: &[u8], options: &Options) -> Result<DataSet, DataError> {
    Ok(read_stream(bytes, options)?.0)
}

/// Reads a data set from a stream, sequence by sequence. Memory is allocated only for bytes that have
/// arrived.
pub(super) fn read_stream(input: impl Read, options: &Options) -> Result<(DataSet, Notes), DataError> {
    let mut rest = Rest { input: BufReader::new(input), at: 0 };
    if rest.take()? != *MAGIC {
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
    let mut draft = Draft::new(&Options { classes: None, ..options.clone() }, width);
    for index in 0..count {
        let at = |problem| DataError::new(Place::Sequence(index), problem);
        let [label, group] = [rest.size()?, rest.size()?];
        if label >= classes {
            return Err(at(Problem::LabelOutOfRange { label: label as i64, classes }));
        }
        let group = draft.group(&group.to_string()).map_err(at)?;
        draft.begin(Label::Whole(label), group).map_err(at)?;
        rest.steps(width, options, &mut draft)?;
        draft.series.end().map_err(at)?;
    }
    rest.end()?;
    let (groups, places) = draft.groups.sorted();
    draft.series.renumber(&(0..classes as u32).collect::<Vec<_>>(), &places);
    let data = DataSet { channels: channels(width), classes: names(classes, options)?, groups, series: draft.series };
    Ok((data, draft.notes))
}

/// Returns the bytes of a data set, without its names. If all group names are numbers, the groups keep these
/// numbers.
///
/// # Errors
/// [`DataError`] unless each sequence has one label.
pub fn write(data: &DataSet) -> Result<Vec<u8>, DataError> {
    in_memory(data, check, stream)
}

/// Checks that each sequence has one label, as the format requires.
pub(super) fn check(data: &DataSet) -> Result<(), DataError> {
    match data.series.labelling() {
        Label::None | Label::Each(_) if !data.series.is_empty() => {
            let problem = Problem::Labelling { found: data.series.labelling().kind(), expected: "one label" };
            Err(DataError::new(Place::Sequence(0), problem))
        }
        _ => Ok(()),
    }
}

/// Writes a data set that has passed the check, sequence by sequence.
pub(super) fn stream(data: &DataSet, sink: &mut dyn Write) -> io::Result<()> {
    sink.write_all(MAGIC)?;
    put(sink, [data.series.len(), data.channels.len(), data.classes.len()])?;
    let groups = group_numbers(&data.groups);
    for series in data.series.iter() {
        let label = series.label.class(0).unwrap_or_default();
        put(sink, [label, groups[series.group], data.length(series)])?;
        series.steps.iter().try_for_each(|value| sink.write_all(&value.to_le_bytes()))?;
    }
    Ok(())
}

fn put(sink: &mut dyn Write, numbers: [usize; 3]) -> io::Result<()> {
    numbers.iter().try_for_each(|&number| sink.write_all(&(number as u32).to_le_bytes()))
}

/// Returns the class names: those in the options, whose number must match, or else numbers.
fn names(classes: usize, options: &Options) -> Result<Vec<String>, DataError> {
    let names = options.classes.clone().unwrap_or_else(|| numbered(classes));
    if names.len() != classes {
        return Err(DataError::whole(Problem::ClassNames { found: names.len(), expected: classes }));
    }
    check_classes(&names)?;
    Ok(names)
}

/// Returns the number of each group: its name if all names are numbers, otherwise its position counted from
/// 1, since 0 means unknown.
fn group_numbers(names: &Names) -> Vec<usize> {
    let number = |name: &str| name.parse::<u32>().ok().map(|number| number as usize);
    let numbers: Option<Vec<_>> = names.iter().map(number).collect();
    numbers.unwrap_or_else(|| (1..=names.len()).collect())
}

/// Rest of the input, and the position of its next byte.
struct Rest<R> {
    input: R,
    at: usize,
}

impl<R: Read> Rest<R> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], DataError> {
        let mut bytes = [0; N];
        match self.fill(&mut bytes)? {
            count if count == N => Ok(bytes),
            _ => Err(self.error(Problem::Truncated)),
        }
    }

    fn size(&mut self) -> Result<usize, DataError> {
        Ok(u32::from_le_bytes(self.take()?) as usize)
    }

    /// Reads the length and the values of a sequence.
    fn steps(&mut self, channels: usize, options: &Options, draft: &mut Draft<f32>) -> Result<(), DataError> {
        let mut left = self.size()?.saturating_mul(channels);
        let mut bytes = [0; 4 * CHUNK];
        while left > 0 {
            let start = self.at;
            let count = left.min(CHUNK);
            if self.fill(&mut bytes[..4 * count])? < 4 * count {
                return Err(self.error(Problem::Truncated));
            }
            let ready = draft.budget.charge(4 * count).and_then(|()| draft.series.room(count));
            ready.map_err(|problem| self.error(problem))?;
            for (index, &bytes) in bytes[..4 * count].as_chunks().0.iter().enumerate() {
                let value = options.finite(f32::from_le_bytes(bytes));
                let value = value.map_err(|problem| DataError::new(Place::Byte(start + 4 * index), problem));
                draft.series.put(value?);
            }
            left -= count;
        }
        Ok(())
    }

    /// Checks that the input ends here.
    ///
    /// # Errors
    /// [`Problem::TrailingBytes`] if there are more bytes.
    fn end(&mut self) -> Result<(), DataError> {
        let at = self.at;
        match self.fill(&mut [0])? {
            0 => Ok(()),
            _ => Err(DataError::new(Place::Byte(at), Problem::TrailingBytes)),
        }
    }

    /// Fills `bytes` as far as the input goes, and returns the number of bytes read.
    fn fill(&mut self, bytes: &mut [u8]) -> Result<usize, DataError> {
        let mut filled = 0;
        while filled < bytes.len() {
            match self.input.read(&mut bytes[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => (),
                Err(error) => return Err(DataError::whole(Problem::Io(error.kind()))),
            }
        }
        self.at += filled;
        Ok(filled)
    }

    /// Returns an error at the next byte.
    fn error(&self, problem: Problem) -> DataError {
        DataError::new(Place::Byte(self.at), problem)
    }
}
