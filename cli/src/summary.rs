use crate::data_set::Source;
use crate::write::write_saying;
use crate::{Failure, Said};
use elman_files::output::is_stdout;
use elman_trainer::data::scaler;
use std::path::PathBuf;

/// Print a summary of a data set: counts, classes, lengths, ranges and oddities
///
/// Oddities are channels that never change or change by less than a 32-bit number can resolve, values that are
/// NaN or infinite, empty classes and sequences, sequences that occur twice, and labels that look the same.
#[derive(clap::Args)]
pub struct Describe {
    #[command(flatten)]
    source: Source,
    /// Write means and standard deviations to a table (.csv) for `elman import --normalizer`; use the training set,
    /// which must have no NaN or infinite values
    #[arg(long, value_name = "FILE")]
    normalizer: Option<PathBuf>,
}

impl Describe {
    pub fn run(self, said: &mut Said) -> Result<(), Failure> {
        let Some(output) = self.normalizer else {
            let (data, notes) = self.source.read(true)?;
            said.push_str(&data.summary_with(&notes).to_string());
            return Ok(());
        };
        self.source.keep_from(&output)?;
        if !is_stdout(&output) && !output.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv")) {
            return Err(Failure::Usage(format!(
                "{}: the output is a table, so its name must end in .csv",
                output.display()
            )));
        }
        let (data, notes) = self.source.read(false)?;
        let statistics = data.scaler().map_err(|error| format!("{}: {error}", self.source.path.display()))?;
        said.push_str(&data.summary_with(&notes).to_string());
        let table = scaler::write(&statistics).map_err(|error| error.to_string())?;
        Ok(write_saying(&[(&output, &table)], &|path, _| format!("wrote      {}\n", path.display()), said)?)
    }
}
