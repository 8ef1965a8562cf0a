use crate::Failure;
use crate::formats::Format::{self, Archive, Array, Folder, Table};
use crate::limit::size;
use crate::write::{below, is_read, is_within};
use clap::ValueEnum;
use elman_trainer::data::{self, Axes, DataSet, Notes, Options};
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct Source {
    /// A data set: .csv, .tsv, .npy, .npz, .rnnd, a folder of tables, or - for standard input
    #[arg(value_name = "DATA")]
    pub path: PathBuf,
    /// Tables: the column that tells sequences apart [default: sequence, if there is one]
    #[arg(long, value_name = "COLUMN", help_heading = READING)]
    sequence: Option<String>,
    /// Column of labels [default: label], or array of labels [default: y]
    #[arg(long, value_name = "NAME", help_heading = READING)]
    label: Option<String>,
    /// Column of subjects [default: group], or array of subjects [default: groups]
    #[arg(long, value_name = "NAME", help_heading = READING)]
    group: Option<String>,
    /// Columns of values in order [default: all others], or array of values [default: X]
    #[arg(long, value_name = "NAMES", value_delimiter = ',', help_heading = READING)]
    values: Option<Vec<String>>,
    /// Classes in order, so that a test set has the classes of its training set
    #[arg(long, value_name = "NAMES", value_delimiter = ',', help_heading = READING)]
    classes: Option<Vec<String>>,
    /// Tables: read a label for each step instead of one for each sequence
    #[arg(long, help_heading = READING)]
    each_step: bool,
    /// Tables: character between two columns [default: a tab in .tsv, otherwise a comma]
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter, help_heading = READING)]
    delimiter: Option<u8>,
    /// Tables: the first line is data, not column names; the columns are called 1, 2 and so on
    #[arg(long, help_heading = READING)]
    no_header: bool,
    /// File of labels: an array for .npy, or a table of file, label and group for a folder
    #[arg(long, value_name = "FILE", help_heading = READING)]
    labels: Option<PathBuf>,
    /// NumPy: meaning of a two-dimensional array [default: steps if there are labels or lengths, otherwise channels]
    #[arg(long, value_enum, help_heading = READING)]
    axes: Option<Choice>,
    /// Largest memory for the data set, in bytes or with the suffix K, M or G
    #[arg(long, value_name = "BYTES", default_value = "1G", value_parser = size, help_heading = READING)]
    limit: u64,
}

const READING: &str = "Reading the data set";

#[derive(Clone, Copy, ValueEnum)]
enum Choice {
    /// (N, T): sequences and their steps
    Steps,
    /// (T, C): the steps of one sequence and their channels
    Channels,
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        b"\\t" => Ok(b'\t'),
        &[byte] if byte.is_ascii() && !byte.is_ascii_alphanumeric() => Ok(byte),
        _ => Err("expected one character such as ; or \\t".to_string()),
    }
}

impl Source {
    /// Reads the data set; values that are not finite are errors unless `non_finite` is set.
    pub fn read(&self, non_finite: bool) -> Result<(DataSet, Notes), Failure> {
        self.check()?;
        let options = Options {
            classes: self.classes.clone(),
            non_finite,
            delimiter: self.delimiter,
            header: !self.no_header,
            sequence: self.sequence.clone(),
            label: self.label.clone(),
            each_step: self.each_step,
            group: self.group.clone(),
            values: self.values.clone(),
            labels: self.labels.clone(),
            axes: self.axes.map(|axes| match axes {
                Choice::Steps => Axes::SequencesSteps,
                Choice::Channels => Axes::StepsChannels,
            }),
            limit: self.limit,
        };
        Ok(data::read_noted(&self.path, &options).map_err(|error| error.to_string())?)
    }

    /// Checks that all options apply to the format of the data set.
    fn check(&self) -> Result<(), Failure> {
        // The reader reports a name that does not show the format.
        let Some(format) = Format::of(&self.path) else { return Ok(()) };
        let several = self.values.as_ref().is_some_and(|names| names.len() > 1);
        let given: [(bool, &[Format], &str); 10] = [
            (self.sequence.is_some(), &[Table], "--sequence is for a table with several sequences"),
            (self.label.is_some(), &[Table, Folder, Archive], "--label is for tables and .npz"),
            (self.group.is_some(), &[Table, Folder, Archive], "--group is for tables and .npz"),
            (self.values.is_some(), &[Table, Folder, Archive], "--values is for tables and .npz"),
            (several, &[Table, Folder], "--values takes several names only for tables; name one array"),
            (self.each_step, &[Table, Folder], "--each-step is for tables"),
            (self.delimiter.is_some(), &[Table, Folder], "--delimiter is for tables"),
            (self.no_header, &[Table, Folder], "--no-header is for tables"),
            (self.labels.is_some(), &[Folder, Array], "--labels is for folders and .npy"),
            (self.axes.is_some(), &[Array, Archive], "--axes is for .npy and .npz"),
        ];
        match given.iter().find(|(given, formats, _)| *given && !formats.contains(&format)) {
            Some((.., reason)) => Err(Failure::Usage(format!("{}: {reason}", self.path.display()))),
            None => Ok(()),
        }
    }

    /// Returns an error if the output would replace an input file, or would be read as part of the input.
    pub fn keep_from(&self, output: &Path) -> Result<(), Failure> {
        let refuse = |reason| Err(Failure::Usage(format!("{}: {reason}", output.display())));
        if extension_of(output, "csv") && is_within(output, &self.path) {
            return refuse("the output would be one of the tables in the folder that is read");
        }
        // In a folder, only tables are read.
        let is_table = |path: &PathBuf| path == &self.path || extension_of(path, "csv") || extension_of(path, "tsv");
        let inputs: Vec<_> = below(&self.path).into_iter().filter(is_table).chain(self.labels.clone()).collect();
        if is_read(output, &inputs) {
            return refuse("the output would overwrite the data set; choose another name");
        }
        Ok(())
    }
}

/// Returns `true` if a file has this extension, in upper or lower case.
fn extension_of(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|own| own.eq_ignore_ascii_case(extension))
}
