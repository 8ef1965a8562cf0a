//! Tables of text: a row is a time step, a column a channel.
//!
//! In long form, one file holds all sequences and a column tells them apart; its rows need not stand together. In a folder,
//! each file is one sequence, and its class is the name of its sub-folder, or stands in a table of labels, or in a column.
//! Columns are found by name, so their order does not matter. Empty lines are skipped.

mod folder;
mod long;
mod table;
mod write;

use super::draft::Draft;
use super::{DataError, DataSet, Options};
pub use folder::read as read_folder;
use long::{Roles, read_rows};
pub(super) use table::Table;
pub(super) use write::put;
pub use write::write;

/// Reads a table in long form; without a column that tells sequences apart it is one sequence.
///
/// # Errors
/// [`DataError`] at the first row that is not like the others, or cannot be read.
pub fn read(bytes: &[u8], options: &Options) -> Result<DataSet, DataError> {
    let table = Table::parse(bytes, options)?;
    let roles = Roles::of(&table, options)?;
    let mut draft = Draft::new(options);
    read_rows(&table, &roles, options, &mut draft)?;
    draft.finish(roles.names(&table))
}
