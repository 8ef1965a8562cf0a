use super::long::{Known, Roles, read_rows};
use super::table::Table;
use crate::data::draft::Draft;
use crate::data::notes::listed as some;
use crate::data::numbering::Numbering;
use crate::data::paths::{self, entries, extension};
use crate::data::{DataError, DataSet, Notes, Options, Problem, SeriesList};
use elman_files::source::{self, SourceError};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs;
use std::path::{Path, PathBuf};

/// File name of the optional table of labels in a folder.
const LABELS: &str = "labels.csv";

/// Reads a folder of tables. The notes name files that the table of labels omits, or lists more than once.
pub fn read(folder: &Path, options: &Options) -> Result<(DataSet, Notes), DataError> {
    let mut draft = Draft::new(options, 1);
    let labels = options.labels.clone().or_else(|| Some(folder.join(LABELS)).filter(|path| path.is_file()));
    let files = match labels {
        Some(labels) => listed(folder, &labels, options, &mut draft).map_err(|error| error.of(&labels))?,
        None => found(folder, &mut draft)?,
    };
    // The first file sets the columns of the others.
    let mut options = options.clone();
    for (path, known) in files {
        let channels = add(&path, known, &options, &mut draft).map_err(|error| error.of(&path))?;
        options.values = Some(channels);
    }
    draft.finish(options.values.unwrap_or_default()).map_err(|error| error.of(folder))
}

/// Files of sequences, each with the class and group known before it is read.
type Files = Vec<(PathBuf, Known)>;

/// Returns the files in a table of labels, which may name only files in the folder.
fn listed(folder: &Path, labels: &Path, options: &Options, draft: &mut Draft<f32>) -> Result<Files, DataError> {
    let options = Options { header: true, ..options.at(labels) };
    let Table { header, mut rows } = Table::open(paths::open(labels)?, &options)?;
    let [file, label] = [header.usual("file")?, header.usual("label")?];
    let group = header.role(None, "group")?;
    let (mut files, mut places, mut twice) = (Files::new(), HashMap::new(), Vec::new());
    while let Some(row) = header.next(&mut rows)? {
        let at = |column| move |problem| (column, problem);
        let mut read = || {
            let path = path(folder, row.cell(file)).map_err(at(file))?;
            let known = draft.class(row.cell(label)).map_err(at(label))?;
            let group = group.map(|column| draft.group(row.cell(column)).map_err(at(column))).transpose()?;
            draft.budget.charge(4 * path.as_os_str().len() + 128).map_err(at(file))?;
            Ok((path, Known { label: Some(known), group }))
        };
        let (path, known) = read().map_err(|(column, problem)| header.cell_error(&row, column, problem))?;
        match places.entry(fs::canonicalize(&path).unwrap_or_else(|_| path.clone())) {
            Entry::Vacant(place) => _ = place.insert(known),
            Entry::Occupied(place) => {
                same(*place.get(), known, draft).map_err(|problem| header.cell_error(&row, label, problem))?;
                twice.push(row.cell(file).to_string());
            }
        }
        files.push((path, known));
    }
    let own = fs::canonicalize(labels).ok();
    let mut others = tables(folder)?;
    others.retain(|path| {
        fs::canonicalize(path).is_ok_and(|path| !places.contains_key(&path) && own.as_ref() != Some(&path))
    });
    let others: Vec<_> =
        others.iter().map(|path| path.strip_prefix(folder).unwrap_or(path).display().to_string()).collect();
    for (names, what) in [(others, "does not list"), (twice, "lists more than once")] {
        if !names.is_empty() {
            let count = names.len();
            draft.notes.odd.push(format!("files that {} {what}: {}", labels.display(), some(names, count)));
        }
    }
    Ok(files)
}

/// Returns the path of a file named in a table of labels.
fn path(folder: &Path, name: &str) -> Result<PathBuf, Problem> {
    match source::within(folder, name.as_ref()) {
        // The error is reported when the file is opened.
        Err(SourceError::Io(_)) => Ok(folder.join(name)),
        path => path.map_err(Problem::from),
    }
}

/// Returns an error if a file that is listed twice has two labels or two groups.
fn same(before: Known, after: Known, draft: &Draft<f32>) -> Result<(), Problem> {
    let changed = |names: &Numbering, before: Option<usize>, after: Option<usize>| match (before, after) {
        (Some(before), Some(after)) if before != after => {
            Err(Problem::Changed { found: names.name(after).into(), expected: names.name(before).into() })
        }
        _ => Ok(()),
    };
    changed(&draft.classes, before.label, after.label)?;
    changed(&draft.groups, before.group, after.group)
}

/// Returns the tables in a folder and in its subfolders.
fn tables(folder: &Path) -> Result<Vec<PathBuf>, DataError> {
    let mut tables = Vec::new();
    for (path, is_folder) in entries(folder)? {
        match is_folder {
            true => tables.extend(entries(&path)?.into_iter().map(|(path, _)| path)),
            false => tables.push(path),
        }
    }
    tables.retain(|path| is_table(path));
    Ok(tables)
}

/// Returns the tables in a folder and in its subfolders. For tables in a subfolder, its name is the class.
fn found(folder: &Path, draft: &mut Draft<f32>) -> Result<Files, DataError> {
    let mut files = Vec::new();
    for (path, is_folder) in entries(folder)? {
        if is_table(&path) && !is_folder {
            files.push((path, Known::default()));
        } else if is_folder {
            let tables: Vec<_> = entries(&path)?.into_iter().filter(|(path, _)| is_table(path)).collect();
            if !tables.is_empty() {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let label = draft.class(&name).map_err(|problem| DataError::whole(problem).of(&path))?;
                files.extend(tables.into_iter().map(|(path, _)| (path, Known { label: Some(label), group: None })));
            }
        }
    }
    Ok(files)
}

fn is_table(path: &Path) -> bool {
    matches!(extension(path).as_str(), "csv" | "tsv")
}

/// Adds the sequence of a file and returns the names of its channels.
fn add(path: &Path, known: Known, options: &Options, draft: &mut Draft<f32>) -> Result<Vec<String>, DataError> {
    let options = options.at(path);
    let mut table = Table::open(paths::open(path)?, &options)?;
    let roles = Roles::of(&table.header, &options)?.of_one_sequence(known);
    if draft.series.is_empty() {
        draft.series = SeriesList::new(roles.width());
    }
    if read_rows(&mut table, &roles, &options, draft)? == 0 {
        return Err(DataError::whole(Problem::Empty));
    }
    Ok(roles.names(&table.header))
}
