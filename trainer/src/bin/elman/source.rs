use clap::ValueEnum;
use elman_trainer::model::{Model, Nonlinearity};
use elman_trainer::torch;
use std::fs;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Source {
    /// A state dict, as safetensors.torch.save_file writes it
    pub file: PathBuf,
    /// The non-linearity of an nn.RNN, which a state dict does not name
    #[arg(long, value_enum, default_value = "tanh")]
    nonlinearity: Choice,
    /// Take the module OLD for rnn, head (the linear layer) or emb (the embedding); may be repeated
    #[arg(long = "map", value_name = "OLD=NEW", value_parser = pair)]
    names: Vec<(String, String)>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Choice {
    Tanh,
    Relu,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((old, new)) if !old.is_empty() && !new.is_empty() => Ok((old.to_string(), new.to_string())),
        _ => Err("expected OLD=NEW, such as fc2=head".to_string()),
    }
}

impl Source {
    /// The network, with a warning for what is left over.
    pub fn read(&self) -> Result<Model, String> {
        let bytes = fs::read(&self.file).map_err(|error| format!("{}: {error}", self.file.display()))?;
        let nonlinearity = match self.nonlinearity {
            Choice::Tanh => Nonlinearity::Tanh,
            Choice::Relu => Nonlinearity::Relu,
        };
        let names: Vec<_> = self.names.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
        let import = torch::read_renamed(&bytes, nonlinearity, &names);
        let import = import.map_err(|error| format!("{}: {error}", self.file.display()))?;
        if !import.extra.is_empty() {
            eprintln!("warning: not part of the network: {}", import.extra.join(", "));
        }
        Ok(import.model)
    }
}
