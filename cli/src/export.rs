use crate::describe::describe;
use crate::write::{is_read, write};
use crate::{Failure, Said, tell};
use elman::image::{Described, NORMALIZER, VOCABULARY};
use elman_files::source::{self, LIMIT};
use elman_import::torch;
use elman_model::Model;
use std::fmt::Display;
use std::path::PathBuf;

/// Turn a flash image back into a PyTorch state dict
///
/// The state dict is that of a module with the parts rnn, head and, if there is an embedding, emb; its values are
/// the imported ones, bit for bit.
#[derive(clap::Args)]
pub struct Export {
    /// A flash image written by `elman import`
    image: PathBuf,
    /// Output file for the state dict [default: next to the image, as .safetensors, if no such file exists]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Export {
    pub fn run(self, said: &mut Said) -> Result<(), Failure> {
        let say = |error: &dyn Display| format!("{}: {error}", self.image.display());
        let bytes = source::bytes(&self.image, LIMIT).map_err(|error| say(&error))?;
        let model = Model::from_image(&bytes).map_err(|error| say(&error))?;
        let output = self.output.clone().unwrap_or_else(|| self.image.with_extension("safetensors"));
        if is_read(&output, std::slice::from_ref(&self.image)) {
            return Err(Failure::Usage(format!(
                "{}: the state dict would overwrite the image; choose another name",
                output.display()
            )));
        }
        // This is often the file that the image was imported from.
        if self.output.is_none() && output.exists() {
            return Err(Failure::Usage(format!(
                "{}: already exists; name the output file (--output), even to replace it",
                output.display()
            )));
        }
        let state_dict = torch::write(&model).map_err(|error| say(&error))?;
        for (tag, what) in [(NORMALIZER, "normaliser"), (VOCABULARY, "vocabulary")] {
            if Described::open(&bytes).is_ok_and(|image| image.section(tag).is_ok()) {
                tell("warning", &say(&format!("a state dict cannot hold the {what} of the image")));
            }
        }
        describe(&model, said);
        Ok(write(&[(&output, &state_dict)], said)?)
    }
}
