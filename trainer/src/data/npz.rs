//! NumPy's `.npz`: arrays that make up a data set, in one archive.
//!
//! `X` holds the values and `y` the labels, in the shapes of [`npy`](super::npy). Optional arrays are `lengths`,
//! (N,), the number of steps of each sequence without padding; `groups`, (N,); and the names `classes`, (K,), and
//! `channels`, (C,). If there are `classes`, numeric labels are indices into them. Compressed archives are supported.

mod archive;

use super::draft::NO_GROUP;
use super::npy::{Arrays, write_header};
use super::stream::in_memory;
use super::{DataError, DataSet, Label, Notes, Options, Problem};
pub(super) use archive::Archive;
use elman_files::output::Fill;
use rawzip::ReaderAt;
use std::io::{self, Write};

/// Reads a data set.
///
/// # Errors
/// [`DataError`] if there is no array of values, the archive or an array is damaged, or the shapes do not fit
/// together.
pub fn read(bytes: &[u8], options: &Options) -> Result<DataSet, DataError> {
    Ok(read_archive(bytes, bytes.len() as u64, options)?.0)
}

/// Reads an archive of `length` bytes.
pub(super) fn read_archive(
    reader: impl ReaderAt,
    length: u64,
    options: &Options,
) -> Result<(DataSet, Notes), DataError> {
    let archive = Archive::open(reader, length, options.limit)?;
    let values = match options.values.as_deref() {
        None => None,
        Some([name]) => Some(name.as_str()),
        Some(names) => return Err(DataError::whole(Problem::NotOneArray { found: names.into() })),
    };
    let arrays = Arrays {
        values: archive.needed(values, "X")?,
        labels: archive.array(options.label.as_deref(), "y")?,
        lengths: archive.array(None, "lengths")?,
        groups: archive.array(options.group.as_deref(), "groups")?,
        classes: archive.array(None, "classes")?,
        channels: archive.array(None, "channels")?,
    };
    arrays.data_set(options)
}

/// Returns a data set as an archive: `X` (padded with zeros to the longest sequence), `lengths`, and the
/// other known arrays.
///
/// # Errors
/// [`DataError`] if there is not enough memory.
pub fn write(data: &DataSet) -> Result<Vec<u8>, DataError> {
    in_memory(data, check, stream)
}

/// Accepts every data set: an archive can hold any.
pub(super) fn check(_: &DataSet) -> Result<(), DataError> {
    Ok(())
}

/// Writes a data set, array by array.
pub(super) fn stream(data: &DataSet, sink: &mut dyn Write) -> io::Result<()> {
    let (count, channels) = (data.series.len(), data.channels.len());
    let lengths = || data.series.iter().map(|series| data.length(series));
    // At least one step: the reader accepts sequences without steps, but not an array without steps.
    let longest = lengths().max().unwrap_or_default().max(1);
    let values = data.series.iter().map(|series| filled(series.steps.iter().copied(), 0.0, longest * channels));
    let labels = |width| {
        let classes = data.series.iter().map(move |series| (0..width).map(move |step| series.label.class(step)));
        classes.flatten().map(|class| class.map_or(-1, |class| class as i64))
    };
    let groups = || data.series.iter().map(|series| &data.groups[series.group]);
    let labelled = data.series.labelling();
    let arrays: [(bool, &str, Fill<'_>); 6] = [
        (true, "X", &|sink| {
            write_header("<f4", &[count, longest, channels], sink)?;
            values.clone().flatten().try_for_each(|value: f32| sink.write_all(&value.to_le_bytes()))
        }),
        (true, "lengths", &|sink| integers(&[count], lengths().map(|length| length as i64), sink)),
        (labelled != Label::None, "y", &|sink| match labelled {
            Label::Each(_) => integers(&[count, longest], labels(longest), sink),
            _ => integers(&[count], labels(1), sink),
        }),
        (!data.classes.is_empty(), "classes", &|sink| {
            names(data.classes.len(), || data.classes.iter().map(String::as_str), sink)
        }),
        (data.groups != [NO_GROUP], "groups", &|sink| names(count, groups, sink)),
        (true, "channels", &|sink| names(channels, || data.channels.iter().map(String::as_str), sink)),
    ];
    let there: Vec<_> = arrays.into_iter().filter(|(there, ..)| *there).map(|(_, name, fill)| (name, fill)).collect();
    archive::write(&there, sink)
}

/// Pads `items` with copies of `with` to a total of `count` items.
fn filled<T: Clone>(items: impl Iterator<Item = T> + Clone, with: T, count: usize) -> impl Iterator<Item = T> + Clone {
    items.chain(std::iter::repeat(with)).take(count)
}

fn integers(shape: &[usize], mut numbers: impl Iterator<Item = i64>, sink: &mut dyn Write) -> io::Result<()> {
    write_header("<i8", shape, sink)?;
    numbers.try_for_each(|number| sink.write_all(&number.to_le_bytes()))
}

/// Writes `count` names, each padded to the length of the longest.
fn names<'a, I: Iterator<Item = &'a str>>(count: usize, names: impl Fn() -> I, sink: &mut dyn Write) -> io::Result<()> {
    let longest = names().map(|name| name.chars().count()).max().unwrap_or_default().max(1);
    write_header(&format!("<U{longest}"), &[count], sink)?;
    let mut letters = names().flat_map(|name| filled(name.chars().map(u32::from), 0, longest));
    letters.try_for_each(|letter| sink.write_all(&letter.to_le_bytes()))
}
