use clap::ValueEnum;
use elman_trainer::import::{Import, ImportError};
use elman_trainer::model::{Model, Nonlinearity};
use elman_trainer::{onnx, torch};
use std::fs;
use std::path::PathBuf;

/// A file of another program.
#[derive(clap::Args)]
pub struct Source {
    /// A state dict, as safetensors.torch.save_file writes it, or an ONNX model (.onnx)
    pub file: PathBuf,
    /// The non-linearity of an nn.RNN, which a state dict does not name [default: tanh]
    #[arg(long, value_enum, value_name = "NAME", hide_default_value = true)]
    nonlinearity: Option<Choice>,
    /// Take the module OLD of a state dict for rnn, head (the linear layer) or emb (the embedding); may be repeated
    #[arg(long = "map", value_name = "OLD=NEW", value_parser = pair)]
    names: Vec<(String, String)>,
    /// Add the two bias vectors of an Elman cell or an LSTM into one
    #[arg(long)]
    merge_biases: bool,
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
        let say = |error: &dyn std::fmt::Display| format!("{}: {error}", self.file.display());
        let bytes = fs::read(&self.file).map_err(|error| say(&error))?;
        let mut import = self.understand(&bytes).map_err(|error| say(&error))?;
        if self.merge_biases {
            import.model.merge_biases().map_err(|error| say(&error))?;
        }
        if !import.extra.is_empty() {
            eprintln!("warning: not part of the network: {}", import.extra.join(", "));
        }
        Ok(import.model)
    }

    fn understand(&self, bytes: &[u8]) -> Result<Import, String> {
        if self.file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("onnx")) {
            if self.nonlinearity.is_some() || !self.names.is_empty() {
                return Err(
                    "a graph says itself what its tensors are; --nonlinearity and --map are for state dicts".into()
                );
            }
            return onnx::read(bytes).map_err(|error| error.to_string());
        }
        if bytes.starts_with(b"PK") {
            return Err(
                "a PyTorch checkpoint; safetensors.torch.save_file(model.state_dict(), ...) saves what is read".into(),
            );
        }
        let nonlinearity = match self.nonlinearity {
            None | Some(Choice::Tanh) => Nonlinearity::Tanh,
            Some(Choice::Relu) => Nonlinearity::Relu,
        };
        let names: Vec<_> = self.names.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
        torch::read_renamed(bytes, nonlinearity, &names).map_err(|error| match &error {
            ImportError::Several { names, .. } => format!("{error}; {}", Self::hint(&names[0], &error)),
            _ => error.to_string(),
        })
    }

    /// How to say which of several modules is meant.
    fn hint(first: &str, error: &ImportError) -> String {
        let role = match error {
            ImportError::Several { what: "linear layer", .. } => "head",
            ImportError::Several { what: "embedding", .. } => "emb",
            _ => "rnn",
        };
        format!("say which, such as --map {}={role}", first.trim_end_matches('.'))
    }
}
