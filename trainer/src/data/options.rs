use super::Problem;
use super::paths::extension;
use elman_files::source::LIMIT;
use std::path::{Path, PathBuf};

/// How a data set is read. What a format has no use for is ignored.
///
/// A column or array that is asked for by name must be there; of those not asked for, the ones with the usual names are
/// taken if they are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The classes in their order, so that a test set has those of its training set; a label that is none of them is an
    /// error. `None`: those found, sorted, as numbers if all are numbers.
    pub classes: Option<Vec<String>>,
    /// Whether NaN and infinity are let through.
    pub non_finite: bool,
    /// Tables: what stands between two columns. `None`: tabs in a file called `.tsv`, otherwise commas.
    pub delimiter: Option<u8>,
    /// Tables: whether the first line names the columns. Without, they are called by their number: `1`, `2`, ...
    pub header: bool,
    /// Tables: the column that tells sequences apart (`sequence`); without, a file is one sequence.
    pub sequence: Option<String>,
    /// The column (`label`), or array (`y`), of the labels.
    pub label: Option<String>,
    /// Tables: whether a label is one of a step. `false`: of a sequence.
    pub each_step: bool,
    /// The column (`group`), or array (`groups`), that says to whom a sequence belongs.
    pub group: Option<String>,
    /// The columns of the values in their order, or the one array (`X`). `None`: all columns left, as they stand.
    pub values: Option<Vec<String>>,
    /// A file of the labels: beside `.npy` an array, beside a folder of tables a table of `file`, `label` and `group`
    /// (`labels.csv`, if the folder has it).
    pub labels: Option<PathBuf>,
    /// NumPy: what the axes of a two-dimensional array of values are.
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
    /// The same for a file: unless it says otherwise, a table called `.tsv` has tabs between its columns.
    pub(super) fn at(&self, file: &Path) -> Self {
        let usual = (extension(file) == "tsv").then_some(b'\t');
        Self { delimiter: self.delimiter.or(usual), ..self.clone() }
    }

    /// A value, if it may be one.
    pub(super) fn finite(&self, value: f32) -> Result<f32, Problem> {
        if value.is_finite() || self.non_finite {
            Ok(value)
        } else {
            Err(Problem::NotFinite { found: value.to_string() })
        }
    }
}

/// What the two axes of an array of values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axes {
    /// Sequences of one channel: (N, T).
    SequencesSteps,
    /// One sequence: (T, C).
    StepsChannels,
}
