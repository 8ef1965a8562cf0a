//! `elman`: from a model trained in PyTorch to a flash image.

mod describe;
mod export;
mod import;
mod inspect;
mod source;
mod write;

use clap::{Parser, Subcommand};
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
    Import(import::Import),
    Export(export::Export),
    Inspect(inspect::Inspect),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Import(import) => import.run(),
        Command::Export(export) => export.run(),
        Command::Inspect(inspect) => inspect.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
