use super::Problem;
use super::paths::extension;
use elman_files::source::LIMIT;
use std::path::{Path, PathBuf};

/// Options for reading a data set; options that do not apply to the format are ignored.
///
/// A column or array requested by name must exist; otherwise, the one with the usual name is used if it exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Classes in order, so that a test set has the classes of its training set; any other label is an error. `None`:
    /// the classes found, sorted, as numbers if all are numbers.
    pub classes: Option<Vec<String>>,
    /// True if NaN and infinity are accepted.
    pub non_finite: bool,
    /// Tables: the character between two columns. `None`: a tab in a file called `.tsv`, otherwise a comma.
    pub delimiter: Option<u8>,
    /// Tables: true if the first line names the columns. If false, columns are named by number: `1`, `2`, ...
    pub header: bool,
    /// Tables: the column that tells sequences apart (`sequence`); without such a column, a file is one
    /// sequence.
    pub sequence: Option<String>,
    /// The column (`label`), or array (`y`), of the labels.
    pub label: Option<String>,
    /// Tables: true if each step has a label of its own; false if each sequence has one.
    pub each_step: bool,
    /// The column (`group`), or array (`groups`), that names the group of a sequence.
    pub group: Option<String>,
    /// Columns of values in order, or the one array (`X`). `None`: all remaining columns, in file order.
    pub values: Option<Vec<String>>,
    /// File of labels: an array for `.npy`; for a folder of tables, a table with the columns `file`, `label`
    /// and `group` (by default `labels.csv` in the folder, if it exists).
    pub labels: Option<PathBuf>,
    /// NumPy: the meaning of the axes of a two-dimensional array of values.
    pub axes: Option<Axes>,
    /// Memory limit in bytes, for values, names and labels, and for arrays as stored in their files.
    pub limit: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            classes: None,
            non_finite: false,
            delimiter: None,
            header: true,
            sequence: None,
            label: None,
            each_step: false,
            group: None,
            values: None,
            labels: None,
            axes: None,
            limit: LIMIT,
        }
    }
}

impl Options {
    /// Returns the options for a file: unless a delimiter is set, a `.tsv` table is separated by tabs.
    pub(super) fn at(&self, file: &Path) -> Self {
        let usual = (extension(file) == "tsv").then_some(b'\t');
        Self { delimiter: self.delimiter.or(usual), ..self.clone() }
    }

    /// Returns the value if it is finite, or if non-finite values are accepted.
    pub(super) fn finite(&self, value: f32) -> Result<f32, Problem> {
        if value.is_finite() || self.non_finite {
            Ok(value)
        } else {
            Err(Problem::NotFinite { found: value.to_string() })
        }
    }
}

/// Meaning of the axes of a two-dimensional array of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axes {
    /// Sequences of one channel: (N, T).
    SequencesSteps,
    /// One sequence: (T, C).
    StepsChannels,
}
