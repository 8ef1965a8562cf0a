//! Tables of text: a row is a time step, a column a channel.
//!
//! In long form, one file holds all sequences and a column tells them apart; the rows of a sequence need not be
//! adjacent. In a folder, each file is one sequence, and its class is the name of its subfolder or is given in a
//! table of labels or in a column. Columns are found by name, so their order does not matter. Empty lines are
//! skipped.

mod folder;
mod ids;
mod long;
mod rows;
mod table;
mod write;

use super::draft::Draft;
use super::{DataError, DataSet, Notes, Options};
pub(super) use folder::read as read_folder_noted;
use long::{Roles, read_rows};
use std::io::Read;
use std::path::Path;
pub(super) use table::Table;
pub use write::write;
pub(super) use write::{check, put, stream};

/// Reads a folder of tables, `.csv` or `.tsv`, in the order of their names; each is one sequence. All must have
/// the columns of the first, in any order. The class of a sequence is given in the table of labels. If there is
/// no such table, it is the name of the subfolder or, for files at the top of the folder, is given in the file's
/// own label column.
///
/// # Errors
/// [`DataError`] for the first file that differs from the others or cannot be read.
pub fn read_folder(folder: &Path, options: &Options) -> Result<DataSet, DataError> {
    Ok(read_folder_noted(folder, options)?.0)
}

/// Reads a table in long form. A table without a column that tells sequences apart is one sequence.
///
/// # Errors
/// [`DataError`] for the first row that differs from the others or cannot be read.
pub fn read(bytes: &[u8], options: &Options) -> Result<DataSet, DataError> {
    Ok(read_stream(bytes, options)?.0)
}

/// Reads a table in long form from a stream, row by row.
pub(super) fn read_stream(input: impl Read, options: &Options) -> Result<(DataSet, Notes), DataError> {
    let mut table = Table::open(input, options)?;
    let roles = Roles::of(&table.header, options)?;
    let mut draft = Draft::new(options, roles.width());
    read_rows(&mut table, &roles, options, &mut draft)?;
    draft.finish(roles.names(&table.header))
}
