use crate::Failure;
use elman_model::{Carried, Model};
use elman_trainer::data::{scaler, words};
use std::path::PathBuf;

/// Files with data that a model file does not hold.
#[derive(clap::Args)]
pub struct Beside {
    /// Normalisation of the inputs in training: a table with the columns mean and std and a row for each channel, or
    /// an .npz with these arrays
    #[arg(long, value_name = "FILE", conflicts_with = "vocabulary")]
    normalizer: Option<PathBuf>,
    /// Tokens, one per line in the order of their indices; the first four are <pad>, <sos>, <eos>, <unk>
    #[arg(long, value_name = "FILE")]
    vocabulary: Option<PathBuf>,
}

impl Beside {
    pub fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.normalizer.iter().chain(&self.vocabulary)
    }

    /// Reads the files, and checks that they fit the network.
    pub fn read(&self, model: &Model) -> Result<Carried, Failure> {
        if self.normalizer.is_some() && model.embedding.is_some() {
            let reason = "--normalizer is for numeric inputs, but an embedding reads tokens";
            return Err(Failure::Usage(reason.to_string()));
        }
        let normalizer = self.normalizer.as_ref().map(|path| scaler::read(path, model.inputs())).transpose();
        let vocabulary = self.vocabulary.as_ref().map(|path| words::read(path, model.symbols())).transpose();
        Ok(Carried {
            normalizer: normalizer.map_err(|error| error.to_string())?,
            vocabulary: vocabulary.map_err(|error| error.to_string())?,
        })
    }
}
