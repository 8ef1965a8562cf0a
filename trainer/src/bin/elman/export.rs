use crate::describe::describe;
use crate::write::write;
use elman_trainer::model::Model;
use elman_trainer::torch;
use std::fs;
use std::path::PathBuf;

/// Turn a flash image back into a PyTorch state dict
#[derive(clap::Args)]
pub struct Export {
    /// A flash image
    image: PathBuf,
    /// Where to write the state dict [default: beside the image, as .safetensors]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Export {
    pub fn run(self) -> Result<(), String> {
        let say = |error: &dyn std::fmt::Display| format!("{}: {error}", self.image.display());
        let bytes = fs::read(&self.image).map_err(|error| say(&error))?;
        let model = Model::from_image(&bytes).map_err(|error| say(&error))?;
        let output = self.output.unwrap_or_else(|| self.image.with_extension("safetensors"));
        describe(&model);
        write(&output, &torch::write(&model).map_err(|error| say(&error))?)
    }
}
