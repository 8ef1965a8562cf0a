//! NumPy's `.npz`: arrays that make up a data set, in one archive.
//!
//! `X` holds the values and `y` the labels, in the shapes of [`npy`](super::npy). Optional are `lengths`, (N,), the steps of each
//! sequence that are not filled up; `groups`, (N,); and the names: `classes`, (K,), into which the labels then are indices,
//! and `channels`, (C,). Compressed archives are read too.

mod archive;

use super::draft::NO_GROUP;
use super::npy::{Arrays, write_array};
use super::{DataError, DataSet, Label, Notes, Options, Problem, Series};
pub(super) use archive::Archive;
use rawzip::ReaderAt;

/// Reads a data set.
///
/// # Errors
/// [`DataError`] if there is no array of values, the archive or an array is damaged, or the shapes do not go together.
pub fn read(bytes: &[u8], options: &Options) -> Result<DataSet, DataError> {
    Ok(read_archive(bytes, bytes.len() as u64, options)?.0)
}

/// The same of what has so many bytes.
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

/// A data set as an archive: `X` filled up with zeros to the longest sequence, `lengths`, and what else is known.
///
/// # Errors
/// [`DataError`] if not all sequences are labelled alike.
pub fn write(data: &DataSet) -> Result<Vec<u8>, DataError> {
    let count = data.series.len();
    let lengths = data.series.iter().map(|series| data.length(series));
    // An array without steps would be refused where sequences without steps are not.
    let longest = lengths.clone().max().unwrap_or_default().max(1);
    let lengths = lengths.map(|length| length as i64);
    let mut files = vec![("X", values(data, longest)), ("lengths", integers(&[count], lengths))];
    match data.labelling()? {
        Label::None => {}
        Label::Whole(_) => files.push(("y", integers(&[count], labels(data, 1)))),
        Label::Each(_) => files.push(("y", integers(&[count, longest], labels(data, longest)))),
    }
    if !data.classes.is_empty() {
        files.push(("classes", names(&data.classes)));
    }
    if data.groups != [NO_GROUP] {
        let groups: Vec<_> = data.series.iter().map(|series| data.groups[series.group].clone()).collect();
        files.push(("groups", names(&groups)));
    }
    files.push(("channels", names(&data.channels)));
    archive::write(&files).map_err(|error| DataError::whole(Problem::Archive(error.to_string())))
}

fn values(data: &DataSet, longest: usize) -> Vec<u8> {
    let width = longest * data.channels.len();
    let filled =
        data.series.iter().flat_map(|series| series.steps.iter().copied().chain(std::iter::repeat(0.0)).take(width));
    let elements: Vec<u8> = filled.flat_map(f32::to_le_bytes).collect();
    write_array("<f4", &[data.series.len(), longest, data.channels.len()], &elements)
}

/// The labels of each sequence, filled up with -1.
fn labels(data: &DataSet, longest: usize) -> impl Iterator<Item = i64> {
    let filled = move |series: &Series| {
        let labels = series.label.classes().iter().map(|&class| class as i64);
        labels.chain(std::iter::repeat(-1)).take(longest).collect::<Vec<_>>()
    };
    data.series.iter().flat_map(filled)
}

fn integers(shape: &[usize], numbers: impl IntoIterator<Item = i64>) -> Vec<u8> {
    let elements: Vec<u8> = numbers.into_iter().flat_map(i64::to_le_bytes).collect();
    write_array("<i8", shape, &elements)
}

fn names(names: &[String]) -> Vec<u8> {
    let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or_default().max(1);
    let filled = names.iter().flat_map(|name| name.chars().map(u32::from).chain(std::iter::repeat(0)).take(longest));
    let elements: Vec<u8> = filled.flat_map(u32::to_le_bytes).collect();
    write_array(&format!("<U{longest}"), &[names.len()], &elements)
}
