use crate::describe::describe;
use crate::source::Source;

/// Print what a PyTorch state dict holds, with sizes and costs, and write nothing
#[derive(clap::Args)]
pub struct Inspect {
    #[command(flatten)]
    source: Source,
}

impl Inspect {
    pub fn run(self) -> Result<(), String> {
        self.source.read().map(|model| describe(&model))
    }
}
