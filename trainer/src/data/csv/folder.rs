use super::long::{Known, Roles, read_rows};
use super::table::Table;
use crate::data::draft::Draft;
use crate::data::file::{self, entries, extension};
use crate::data::names::Names;
use crate::data::{DataError, DataSet, Options, Problem};
use std::path::{Path, PathBuf};

/// The table of labels that a folder may have.
const LABELS: &str = "labels.csv";

/// Reads a folder of tables, `.csv` or `.tsv`, a sequence each, in the order of their names. All have the columns of the first,
/// in any order.
///
/// What class a sequence is of stands in the table of labels; without one, it is the name of the sub-folder, and at the top
/// of the folder the file's own column says it.
///
/// # Errors
/// [`DataError`] at the first file that is not like the others, or cannot be read.
pub fn read(folder: &Path, options: &Options) -> Result<DataSet, DataError> {
    let mut draft = Draft::new(options);
    let labels = options.labels.clone().or_else(|| Some(folder.join(LABELS)).filter(|path| path.is_file()));
    let files = match labels {
        Some(labels) => listed(folder, &labels, options, &mut draft).map_err(|error| error.of(&labels))?,
        None => found(folder, &mut draft)?,
    };
    // The columns of the others are known after the first.
    let mut options = options.clone();
    for (path, known) in files {
        let channels = add(&path, known, &options, &mut draft).map_err(|error| error.of(&path))?;
        options.values = Some(channels);
    }
    draft.finish(options.values.unwrap_or_default()).map_err(|error| error.of(folder))
}

/// Files of sequences, and what is known of each before it is read.
type Files = Vec<(PathBuf, Known)>;

/// The files in a table of labels.
fn listed(folder: &Path, labels: &Path, options: &Options, draft: &mut Draft<f32>) -> Result<Files, DataError> {
    let options = Options { header: true, ..options.at(labels) };
    let table = Table::parse(&file::bytes(labels)?, &options)?;
    let [file, label] = [table.usual("file")?, table.usual("label")?];
    let group = table.role(None, "group")?;
    let mut files = Vec::new();
    for row in &table.rows {
        let number = |column, names: &mut Names| {
            names.number(row.cell(column)).map_err(|problem| table.cell_error(row, column, problem))
        };
        let label = Some(number(label, &mut draft.classes)?);
        let group = group.map(|column| number(column, &mut draft.groups)).transpose()?;
        files.push((folder.join(row.cell(file)), Known { label, group }));
    }
    Ok(files)
}

/// The tables in a folder, and in its sub-folders, whose names are classes.
fn found(folder: &Path, draft: &mut Draft<f32>) -> Result<Files, DataError> {
    let mut files = Vec::new();
    for (path, is_folder) in entries(folder)? {
        if is_table(&path) && !is_folder {
            files.push((path, Known::default()));
        } else if is_folder {
            let tables: Vec<_> = entries(&path)?.into_iter().filter(|(path, _)| is_table(path)).collect();
            if !tables.is_empty() {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let label = draft.classes.number(&name).map_err(|problem| DataError::whole(problem).of(&path))?;
                files.extend(tables.into_iter().map(|(path, _)| (path, Known { label: Some(label), group: None })));
            }
        }
    }
    Ok(files)
}

fn is_table(path: &Path) -> bool {
    matches!(extension(path).as_str(), "csv" | "tsv")
}

/// Adds the sequence of a file, and gives the names of its channels.
fn add(path: &Path, known: Known, options: &Options, draft: &mut Draft<f32>) -> Result<Vec<String>, DataError> {
    let options = options.at(path);
    let table = Table::parse(&file::bytes(path)?, &options)?;
    if table.rows.is_empty() {
        return Err(DataError::whole(Problem::Empty));
    }
    let roles = Roles::of(&table, &options)?.of_one_sequence(known);
    read_rows(&table, &roles, &options, draft)?;
    Ok(roles.names(&table))
}
