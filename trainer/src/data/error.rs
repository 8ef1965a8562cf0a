use super::Problem;
use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};

/// Error in a data set, with its location. The text looks like
/// `train.csv, line 7, column 3 (acc_x): `abc` is not a number`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataError {
    /// Path of the file; empty if the data did not come from a file.
    pub file: PathBuf,
    /// Location in the file.
    pub place: Place,
    /// Description of the problem.
    pub problem: Problem,
}

impl DataError {
    pub(super) fn new(place: Place, problem: Problem) -> Self {
        Self { file: PathBuf::new(), place, problem }
    }

    /// Creates an error about a whole file or data set.
    pub(super) fn whole(problem: Problem) -> Self {
        Self::new(Place::Whole, problem)
    }

    /// Adds the file to the error, unless the error already names one.
    pub(super) fn of(self, file: &Path) -> Self {
        if self.file.as_os_str().is_empty() { Self { file: file.into(), ..self } } else { self }
    }
}

/// Location in a file or data set. Lines and columns count from 1; bytes, sequences and indices from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// No particular location: the file or data set as a whole.
    Whole,
    /// A line of text.
    Line(usize),
    /// A cell of a table.
    Cell {
        /// Line in which the cell begins.
        line: usize,
        /// Number of the column.
        column: usize,
        /// Name of the column.
        name: String,
    },
    /// A byte of the file.
    Byte(usize),
    /// A NumPy array.
    Array(String),
    /// An element of a NumPy array.
    Element {
        /// Name of the array.
        array: String,
        /// Indices of the element, as NumPy writes them.
        index: Box<[usize]>,
    },
    /// A sequence of a data set.
    Sequence(usize),
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.display().to_string();
        let parts = [file, self.place.to_string()];
        let parts: Vec<_> = parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect();
        if !parts.is_empty() {
            write!(f, "{}: ", parts.join(", "))?;
        }
        write!(f, "{}", self.problem)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => Ok(()),
            Self::Line(line) => write!(f, "line {line}"),
            Self::Cell { line, column, name } if *name == column.to_string() => {
                write!(f, "line {line}, column {column}")
            }
            Self::Cell { line, column, name } => write!(f, "line {line}, column {column} ({name})"),
            Self::Byte(at) => write!(f, "byte {at}"),
            Self::Array(array) => f.write_str(array),
            Self::Element { array, index } => write!(f, "{array}{index:?}"),
            Self::Sequence(index) => write!(f, "sequence {index}"),
        }
    }
}

impl Error for DataError {}
