use crate::data::draft::NO_GROUP;
use crate::data::stream::in_memory;
use crate::data::{DataError, DataSet, Label, Place, Problem};
use csv::{Error, ErrorKind, Writer};
use std::collections::HashSet;
use std::io::{self, Write};

/// Returns a data set as a table in long form: `sequence`, `group` if groups are known, `label` if there are
/// labels, then the channels. Each value has the fewest digits that are read back as the same number. To read
/// labels of steps, set [`each_step`](crate::data::Options::each_step).
///
/// # Errors
/// [`DataError`] if two columns would have the same name, or a sequence has no steps.
pub fn write(data: &DataSet) -> Result<Vec<u8>, DataError> {
    in_memory(data, check, stream)
}

/// Returns the columns before the channels, each with `true` if the data set has this column.
fn columns(data: &DataSet) -> [(bool, &'static str); 3] {
    let labelled = data.series.labelling() != Label::None;
    [(true, "sequence"), (data.groups != [NO_GROUP], "group"), (labelled, "label")]
}

fn header(data: &DataSet) -> impl Iterator<Item = &str> {
    let roles = columns(data).into_iter().filter(|(there, _)| *there).map(|(_, name)| name);
    roles.chain(data.channels.iter().map(String::as_str))
}

/// Checks that the format can hold the data set.
pub fn check(data: &DataSet) -> Result<(), DataError> {
    // A channel called `label`, for instance, would be read back as the labels.
    let role = |name: &str| columns(data).iter().any(|(_, role)| role.eq_ignore_ascii_case(name));
    let mut seen = HashSet::new();
    if let Some(name) = data.channels.iter().find(|&name| !seen.insert(name) || role(name)) {
        return Err(DataError::whole(Problem::Duplicate { name: name.clone() }));
    }
    match data.series.iter().position(|series| series.steps.is_empty()) {
        Some(empty) => Err(DataError::new(Place::Sequence(empty), Problem::NoSteps)),
        None => Ok(()),
    }
}

/// Writes a data set that has passed the check, row by row.
pub fn stream(data: &DataSet, sink: &mut dyn Write) -> io::Result<()> {
    let mut table = Writer::from_writer(sink);
    rows(data, &mut table).map_err(unwritten)?;
    table.flush()
}

fn rows(data: &DataSet, table: &mut Writer<impl Write>) -> csv::Result<()> {
    let [_, (grouped, _), (labelled, _)] = columns(data);
    table.write_record(header(data))?;
    for (index, series) in data.series.iter().enumerate() {
        let group = grouped.then(|| &data.groups[series.group]);
        for (step, values) in series.steps.chunks(data.channels.len()).enumerate() {
            let class = series.label.class(step).filter(|_| labelled).map(|class| &*data.classes[class]);
            table.write_field(index.to_string())?;
            [group, class].into_iter().flatten().try_for_each(|name| table.write_field(name))?;
            values.iter().try_for_each(|value| table.write_field(value.to_string()))?;
            table.write_record(None::<&[u8]>)?;
        }
    }
    Ok(())
}

/// Converts an error of the table writer to the system error that caused it.
fn unwritten(error: Error) -> io::Error {
    match error.into_kind() {
        ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// Adds a row to a table.
pub fn put(table: &mut Writer<Vec<u8>>, row: &[impl AsRef<[u8]>]) -> Result<(), DataError> {
    table.write_record(row).map_err(|_| DataError::whole(Problem::Io(io::ErrorKind::Other)))
}
