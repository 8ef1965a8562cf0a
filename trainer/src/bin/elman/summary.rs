use crate::data_set::Source;
use crate::{Failure, Said};

/// Print what a data set holds: counts, classes, lengths, ranges, and what is odd
///
/// Odd are channels that never change, values that are NaN or infinite, classes and sequences with nothing in them, and
/// sequences that occur twice.
#[derive(clap::Args)]
pub struct Describe {
    #[command(flatten)]
    source: Source,
}

impl Describe {
    pub fn run(self, said: &mut Said) -> Result<(), Failure> {
        let data = self.source.read(true)?;
        said.push_str(&data.summary().to_string());
        Ok(())
    }
}
