//! `elman`: from a model trained in PyTorch to a flash image.

use clap::{Parser, Subcommand, ValueEnum};
use elman_trainer::torch::{Import, Model, Nonlinearity};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Brings recurrent networks to microcontrollers.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Turn a PyTorch state dict into a flash image and a Rust module that opens it
    ///
    /// Understood are nn.RNN, nn.GRU and nn.LSTM with an nn.Linear, and an nn.Embedding if there is one. The image is written
    /// beside the file, or to --output, as .elman; the module beside the image, as .rs.
    Import {
        #[command(flatten)]
        source: Source,
        /// Where to write the image
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Turn a flash image back into a PyTorch state dict
    Export {
        /// A flash image
        image: PathBuf,
        /// Where to write the state dict [default: beside the image, as .safetensors]
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Print what a PyTorch state dict holds, with sizes and costs, and write nothing
    Inspect {
        #[command(flatten)]
        source: Source,
    },
}

#[derive(clap::Args)]
struct Source {
    /// A state dict, as safetensors.torch.save_file writes it
    file: PathBuf,
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

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Import { source, output } => import(&source, output),
        Command::Export { image, output } => export(&image, output),
        Command::Inspect { source } => source.read().map(|model| describe(&model)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

impl Source {
    /// The network, with a warning for what is left over.
    fn read(&self) -> Result<Model, String> {
        let bytes = fs::read(&self.file).map_err(|error| format!("{}: {error}", self.file.display()))?;
        let nonlinearity = match self.nonlinearity {
            Choice::Tanh => Nonlinearity::Tanh,
            Choice::Relu => Nonlinearity::Relu,
        };
        let names: Vec<_> = self.names.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
        let import = Import::read_renamed(&bytes, nonlinearity, &names);
        let import = import.map_err(|error| format!("{}: {error}", self.file.display()))?;
        if !import.extra.is_empty() {
            eprintln!("warning: not part of the network: {}", import.extra.join(", "));
        }
        Ok(import.model)
    }
}

fn import(source: &Source, output: Option<PathBuf>) -> Result<(), String> {
    let model = source.read()?;
    let image = output.unwrap_or_else(|| source.file.with_extension("elman"));
    let name = image.file_name().and_then(|name| name.to_str()).ok_or("the image needs a name that is text")?;
    let module = image.with_extension("rs");
    if module == image || image == source.file {
        return Err(format!("{}: the image needs another extension, such as .elman", image.display()));
    }
    describe(&model);
    write(&image, &model.image())?;
    write(&module, model.module(name).as_bytes())
}

fn export(image: &Path, output: Option<PathBuf>) -> Result<(), String> {
    let say = |error: &dyn std::fmt::Display| format!("{}: {error}", image.display());
    let model = Model::from_image(&fs::read(image).map_err(|error| say(&error))?).map_err(|error| say(&error))?;
    let output = output.unwrap_or_else(|| image.with_extension("safetensors"));
    describe(&model);
    write(&output, &model.state_dict().map_err(|error| say(&error))?)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()))?;
    println!("wrote         {} ({} bytes)", path.display(), bytes.len());
    Ok(())
}

fn describe(model: &Model) {
    println!("network       {}", model.description());
    println!("type          {}", model.rust_type());
    println!("parameters    {}", model.parameters());
    println!("weights       {} bytes", 4 * model.parameters());
    println!("multiply-adds {} a step", model.multiply_adds());
}
