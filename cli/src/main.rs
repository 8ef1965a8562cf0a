//! `elman`: program that turns models trained elsewhere into flash images.

mod beside;
mod convert;
mod data_set;
mod describe;
mod export;
mod formats;
mod import;
mod inspect;
mod limit;
mod outputs;
mod quantize;
mod source;
mod summary;
mod training;
mod write;

use clap::{Parser, Subcommand};
use std::io::{ErrorKind, Write};
use std::process::ExitCode;

/// Brings recurrent networks to microcontrollers
///
/// A model trained in PyTorch, or an ONNX model, becomes a flash image: `elman import model.safetensors`. The
/// image carries a probe with which a device checks itself, and a Rust module next to it names the network's
/// type. `elman quantize` makes a network in integers of it, of a quarter of the size. `elman describe` and
/// `elman convert` are for data sets.
#[derive(Parser)]
#[command(name = "elman", version, arg_required_else_help = true)]
#[command(after_help = "Exit codes: 0 success, 1 failure, 2 wrong usage.")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Import(import::Import),
    Export(export::Export),
    Inspect(inspect::Inspect),
    Quantize(quantize::Quantize),
    Convert(convert::Convert),
    Describe(summary::Describe),
}

/// Text that a command sends to standard output; if the command fails, the text up to the failure.
type Said = String;

/// Reason why a command failed.
enum Failure {
    /// The command line is wrong.
    Usage(String),
    /// A file cannot be used.
    File(String),
}

impl From<String> for Failure {
    fn from(error: String) -> Self {
        Self::File(error)
    }
}

fn main() -> ExitCode {
    let mut said = Said::new();
    let done = match Arguments::parse().command {
        Command::Import(import) => import.run(&mut said),
        Command::Export(export) => export.run(&mut said),
        Command::Inspect(inspect) => inspect.run(&mut said),
        Command::Quantize(quantize) => quantize.run(&mut said),
        Command::Convert(convert) => convert.run(&mut said),
        Command::Describe(describe) => describe.run(&mut said),
    };
    let (code, error) = match print(&said).map_err(Failure::File).and(done) {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Failure::File(error)) => (1, error),
        Err(Failure::Usage(error)) => (2, error),
    };
    tell("error", &error);
    ExitCode::from(code)
}

/// Prints to standard output. It is not an error if the reader has closed it.
fn print(said: &str) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    match out.write_all(said.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(format!("standard output: {error}")),
        _ => Ok(()),
    }
}

/// Prints a line to standard error. The line is lost if standard error is closed.
fn tell(what: &str, says: &str) {
    tell_all(&format!("{what}: {says}\n"));
}

/// Prints lines to standard error.
fn tell_all(lines: &str) {
    let _ = std::io::stderr().write_all(lines.as_bytes());
}
