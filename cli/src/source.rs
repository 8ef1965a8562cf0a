use crate::Failure;
use crate::limit::size;
use clap::ValueEnum;
use elman_files::source;
use elman_import::{Import, ImportError};
use elman_import::{onnx, torch};
use elman_model::{Kind, Nonlinearity};
use std::cell::RefCell;
use std::fmt::Display;
use std::path::PathBuf;

/// A model file, and the options for reading it.
#[derive(clap::Args)]
pub struct Source {
    /// State dict (.safetensors), ONNX model (.onnx) or, for inspect only, flash image (.elman); - is standard input
    pub file: PathBuf,
    /// The non-linearity of an nn.RNN, which a state dict does not name [default: tanh]
    #[arg(long, value_enum, value_name = "NAME", hide_default_value = true)]
    nonlinearity: Option<Choice>,
    /// Use the module OLD of a state dict as rnn, head (the linear layer) or emb (the embedding); may be repeated
    #[arg(long = "map", value_name = "OLD=NEW", value_parser = pair)]
    names: Vec<(String, String)>,
    /// Merge the two bias vectors of an Elman cell or an LSTM into one
    #[arg(long)]
    merge_biases: bool,
    /// Largest memory for reading, in bytes or with the suffix K, M or G
    #[arg(long, value_name = "BYTES", default_value = "1G", value_parser = size)]
    limit: u64,
    /// Files next to the model that were also read.
    #[arg(skip)]
    beside: RefCell<Vec<PathBuf>>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Choice {
    Tanh,
    Relu,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((old, new @ ("rnn" | "head" | "emb"))) if !old.is_empty() => Ok((old.to_string(), new.to_string())),
        _ => Err("expected OLD=rnn, OLD=head or OLD=emb, such as fc2=head".to_string()),
    }
}

/// Format of a file, recognised by its first bytes or its name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Image,
    Onnx,
    Checkpoint,
    StateDict,
    Unknown,
}

impl Source {
    /// Returns an error message that begins with the file's name.
    pub fn says(&self, error: &dyn Display) -> String {
        format!("{}: {error}", self.file.display())
    }

    pub fn bytes(&self) -> Result<Vec<u8>, String> {
        source::bytes(&self.file, self.limit).map_err(|error| self.says(&error))
    }

    /// Returns `true` for standard input, which has no name that shows its format.
    pub fn is_stdin(&self) -> bool {
        source::is_stdin(&self.file)
    }

    /// Returns the paths of the files that were read.
    pub fn files(&self) -> Vec<PathBuf> {
        [vec![self.file.clone()], self.beside.borrow().clone()].concat()
    }

    pub fn format(&self, bytes: &[u8]) -> Format {
        let named = |extension: &str| self.file.extension().is_some_and(|own| own.eq_ignore_ascii_case(extension));
        match bytes {
            [0x89, b'e', b'l', b'm', b'a', b'n', ..] => Format::Image,
            _ if named("onnx") => Format::Onnx,
            [b'P', b'K', ..] => Format::Checkpoint,
            // The length of a JSON header, then the header.
            [_, _, _, _, _, _, _, _, b'{', ..] => Format::StateDict,
            _ if named("safetensors") => Format::StateDict,
            // The field of a model's version, graph or operator sets: every exporter writes one of these first.
            [0x08 | 0x3a | 0x42, ..] if self.is_stdin() => Format::Onnx,
            _ => Format::Unknown,
        }
    }

    /// Checks that all options apply to files of this format.
    pub fn check(&self, format: Format) -> Result<(), Failure> {
        let (map, nonlinearity) = (!self.names.is_empty(), self.nonlinearity.is_some());
        let reason = match format {
            Format::Image if map || nonlinearity || self.merge_biases => {
                "an image is read as it is; --map, --nonlinearity and --merge-biases are only for models to import"
            }
            Format::Onnx if map || nonlinearity => {
                "an ONNX graph defines the roles of its tensors itself; --map and --nonlinearity are for state dicts"
            }
            _ => return Ok(()),
        };
        Err(Failure::Usage(self.says(&reason)))
    }

    /// Reads the network, and prints a warning if tensors are left over.
    pub fn read(&self, format: Format, bytes: Vec<u8>) -> Result<Import, Failure> {
        let mut import = self.understand(format, bytes).map_err(|error| self.says(&error))?;
        if self.nonlinearity.is_some() && !import.model.layers.iter().any(|layer| matches!(layer.kind, Kind::Rnn(_))) {
            return Err(Failure::Usage(self.says(&"--nonlinearity is for an nn.RNN, but there is none")));
        }
        if self.merge_biases {
            import.model.merge_biases().map_err(|error| self.says(&error))?;
        }
        if !import.extra.is_empty() {
            crate::tell("warning", &self.says(&format!("not part of the network: {}", import.left_over())));
        }
        Ok(import)
    }

    fn understand(&self, format: Format, bytes: Vec<u8>) -> Result<Import, String> {
        match format {
            Format::Image => {
                Err("already a flash image; elman inspect reads it, elman export turns it into a state dict".into())
            }
            Format::Checkpoint => {
                Err("a PyTorch checkpoint, which is not supported; save a state dict with \
                    safetensors.torch.save_file(model.state_dict(), ...)"
                    .into())
            }
            Format::Onnx => {
                let beside = |name: &str, limit| {
                    self.beside.borrow_mut().push(self.file.with_file_name(name));
                    onnx::beside(&self.file)(name, limit)
                };
                let import = if self.is_stdin() {
                    onnx::read_beside(bytes, &onnx::alone, self.limit)
                } else {
                    onnx::read_beside(bytes, &beside, self.limit)
                };
                import.map_err(|error| error.to_string())
            }
            Format::StateDict => self.state_dict(&bytes),
            Format::Unknown => {
                Err("neither a safetensors file nor a flash image, and its name does not end in .onnx; save a state dict with \
                     safetensors.torch.save_file, or a model with torch.onnx.export"
                    .into())
            }
        }
    }

    fn state_dict(&self, bytes: &[u8]) -> Result<Import, String> {
        let nonlinearity = match self.nonlinearity {
            None | Some(Choice::Tanh) => Nonlinearity::Tanh,
            Some(Choice::Relu) => Nonlinearity::Relu,
        };
        let names: Vec<_> = self.names.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
        torch::read_renamed(bytes, nonlinearity, &names, self.limit).map_err(|error| match &error {
            ImportError::Several { names, .. } => {
                // A module that was saved alone has no name.
                let named = names.iter().find(|name| !name.is_empty());
                named.map_or_else(|| error.to_string(), |name| format!("{error}; {}", Self::hint(name, &error)))
            }
            _ => error.to_string(),
        })
    }

    /// Returns a hint on choosing one of several modules.
    fn hint(first: &str, error: &ImportError) -> String {
        let role = match error {
            ImportError::Several { what: "linear layer", .. } => "head",
            ImportError::Several { what: "embedding", .. } => "emb",
            _ => "rnn",
        };
        format!("choose one, such as --map {first}={role}")
    }
}
