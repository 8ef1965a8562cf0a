use crate::data_set::Source;
use crate::write::write_saying;
use crate::{Failure, Said};
use elman_files::output::is_stdout;
use elman_trainer::data::scaler;
use std::path::PathBuf;

/// Print what a data set holds: counts, classes, lengths, ranges, and what is odd
///
/// Oddities are channels that never change or change by less than 32-bit numbers can tell apart, values that are NaN or
/// infinite, classes and sequences with nothing in them, sequences that occur twice, and labels that look the same.
#[derive(clap::Args)]
pub struct Describe {
    #[command(flatten)]
    source: Source,
    /// Write means and standard deviations as the table (.csv) that `elman import --normalizer` reads; of the training set, and
    /// without values that are NaN or infinite
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
            return Err(Failure::Usage(format!("{}: a table is written, whose name ends in .csv", output.display())));
        }
        let (data, notes) = self.source.read(false)?;
        let statistics = data.scaler().map_err(|error| format!("{}: {error}", self.source.path.display()))?;
        said.push_str(&data.summary_with(&notes).to_string());
        let table = scaler::write(&statistics).map_err(|error| error.to_string())?;
        Ok(write_saying(&[(&output, &table)], &|path, _| format!("wrote      {}\n", path.display()), said)?)
    }
}
