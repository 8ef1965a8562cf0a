use crate::data_set::Source;
use crate::describe::line;
use crate::{Failure, Said, tell};
use elman_trainer::data;
use std::path::PathBuf;

/// Convert a data set to another format
///
/// The output is .csv (one row per step), .npz (NumPy arrays) or .rnnd (values and class numbers, without names).
/// Values are unchanged.
#[derive(clap::Args)]
pub struct Convert {
    #[command(flatten)]
    source: Source,
    /// Output file; its extension sets the format
    output: PathBuf,
    /// Allow NaN and infinity
    #[arg(long)]
    non_finite: bool,
}

impl Convert {
    pub fn run(self, said: &mut Said) -> Result<(), Failure> {
        self.source.keep_from(&self.output)?;
        let (data, notes) = self.source.read(self.non_finite)?;
        notes.odd.iter().for_each(|odd| tell("warning", odd));
        data::write(&self.output, &data).map_err(|error| error.to_string())?;
        let counts =
            format!("{} with {} channels, {} classes", data.series.len(), data.channels.len(), data.classes.len());
        line(said, "sequences", &counts);
        line(said, "wrote", &self.output.display().to_string());
        Ok(())
    }
}
