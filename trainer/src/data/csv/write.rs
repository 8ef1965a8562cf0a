use crate::data::draft::NO_GROUP;
use crate::data::{DataError, DataSet, Label, Place, Problem, Series};
use csv::Writer;
use std::collections::HashSet;

/// A data set as a table in long form: `sequence`, `group` if it is known, `label` if there is one, then the channels. Each value
/// is as short as it can be and still the same number when read again; labels of steps are read with
/// [`each_step`](crate::data::Options::each_step).
///
/// # Errors
/// [`DataError`] if two columns would have one name, or a channel that of another column, a sequence has no steps, or not all are labelled alike.
pub fn write(data: &DataSet) -> Result<Vec<u8>, DataError> {
    let labelled = data.labelling()? != &Label::None;
    let grouped = data.groups != [NO_GROUP];
    let columns = [(true, "sequence"), (grouped, "group"), (labelled, "label")];
    let mut header: Vec<&str> = columns.iter().filter(|(there, _)| *there).map(|(_, name)| *name).collect();
    header.extend(data.channels.iter().map(String::as_str));
    // A channel with one of those names would be read as what that stands for.
    let role = |name: &str| columns.iter().any(|(_, role)| role.eq_ignore_ascii_case(name));
    let first = header.len() - data.channels.len();
    let mut seen: HashSet<&str> = header[..first].iter().copied().collect();
    let twice = |&column: &usize| !seen.insert(header[column]) || role(header[column]);
    if let Some(column) = (first..header.len()).find(twice) {
        return Err(DataError::whole(Problem::Duplicate { name: header[column].to_string() }));
    }
    let mut table = Writer::from_writer(Vec::new());
    put(&mut table, &header)?;
    for (index, series) in data.series.iter().enumerate() {
        if series.steps.is_empty() {
            return Err(DataError::new(Place::Sequence(index), Problem::NoSteps));
        }
        for (step, values) in series.steps.chunks(data.channels.len()).enumerate() {
            let group = grouped.then(|| data.groups[series.group].clone());
            let label = class(series, step).map(|class| data.classes[class].clone());
            let values = values.iter().map(f32::to_string);
            let row: Vec<_> = [Some(index.to_string()), group, label].into_iter().flatten().chain(values).collect();
            put(&mut table, &row)?;
        }
    }
    table.into_inner().map_err(|error| DataError::whole(Problem::Io(error.error().kind())))
}

/// The class of a step.
fn class(series: &Series, step: usize) -> Option<usize> {
    match &series.label {
        Label::None => None,
        Label::Whole(class) => Some(*class),
        Label::Each(classes) => classes.get(step).copied(),
    }
}

/// Adds a row.
pub fn put(table: &mut Writer<Vec<u8>>, row: &[impl AsRef<[u8]>]) -> Result<(), DataError> {
    table.write_record(row).map_err(|_| DataError::whole(Problem::Io(std::io::ErrorKind::Other)))
}
