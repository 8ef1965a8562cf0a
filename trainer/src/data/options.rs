use super::Problem;
use super::paths::extension;
use elman_files::source::LIMIT;
use std::path::{Path, PathBuf};

/// Options for reading a data set. Those that a format has no use for are ignored.
///
/// A column or array that is asked for by name must be there; of those not asked for, the ones with the usual names are
/// taken if they are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The classes in their order, so that a test set has those of its training set; a label that is none of them is an
    /// error. `None`: those found, sorted, as numbers if all are numbers.
    pub classes: Option<Vec<String>>,
    /// True if NaN and infinity are accepted.
    pub non_finite: bool,
    /// Tables: the character between two columns. `None`: a tab in a file called `.tsv`, otherwise a comma.
    pub delimiter: Option<u8>,
    /// Tables: true if the first line names the columns. If not, they are called by their numbers: `1`, `2`, ...
    pub header: bool,
    /// Tables: the column that tells sequences apart (`sequence`); without, a file is one sequence.
    pub sequence: Option<String>,
    /// The column (`label`), or array (`y`), of the labels.
    pub label: Option<String>,
    /// Tables: true if each step has a label of its own; false if each sequence has one.
    pub each_step: bool,
    /// The column (`group`), or array (`groups`), that names the group of a sequence.
    pub group: Option<String>,
    /// The columns of the values in their order, or the one array (`X`). `None`: all columns left, as they stand.
    pub values: Option<Vec<String>>,
    /// A file of the labels: beside `.npy` an array, beside a folder of tables a table of `file`, `label` and `group`
    /// (`labels.csv`, if the folder has it).
    pub labels: Option<PathBuf>,
    /// NumPy: the meaning of the axes of a two-dimensional array of values.
    pub axes: Option<Axes>,
    /// The most bytes of memory for values, names and labels, and for arrays as their file has them.
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
    /// Returns the options for a file: unless they say otherwise, a table called `.tsv` has tabs between its columns.
    pub(super) fn at(&self, file: &Path) -> Self {
        let usual = (extension(file) == "tsv").then_some(b'\t');
        Self { delimiter: self.delimiter.or(usual), ..self.clone() }
    }

    /// Returns the value if it is finite, or if others are accepted too.
    pub(super) fn finite(&self, value: f32) -> Result<f32, Problem> {
        if value.is_finite() || self.non_finite {
            Ok(value)
        } else {
            Err(Problem::NotFinite { found: value.to_string() })
        }
    }
}

/// Meaning of the two axes of an array of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axes {
    /// Sequences of one channel: (N, T).
    SequencesSteps,
    /// One sequence: (T, C).
    StepsChannels,
}
