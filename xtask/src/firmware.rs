//! Builds of the programs of `firmware-example` for a board.

use crate::boards::{self, BOARDS, Board};
use crate::command::{cargo, root, run, target_dir};
use crate::{qemu, setup};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

/// Time limit after which a program counts as hung.
const LIMIT: Duration = Duration::from_secs(600);

/// `cargo xtask qemu`: runs a program and prints its log, line by line, its serial output and its exit code.
pub fn command(board: &str, program: &str) -> Result<ExitCode> {
    let board = boards::find(board).with_context(|| {
        let names: Vec<_> = BOARDS.iter().map(|board| board.name).collect();
        format!("no board is called {board}; choose one of {}", names.join(", "))
    })?;
    setup::boards()?;
    build(board, &[program])?;
    let outcome = qemu::run(board, &elf(board, program), LIMIT, |line| println!("{line}"))?;
    print!("{}", outcome.serial);
    println!("exit code {} after {:.1} s", outcome.exit_code, outcome.duration.as_secs_f64());
    Ok(ExitCode::from(u8::try_from(outcome.exit_code).unwrap_or(u8::MAX)))
}

/// Builds programs and keeps them separate from those of other boards: see [`elf`].
pub fn build(board: &Board, programs: &[&str]) -> Result<()> {
    build_with(board, programs, &[])
}

/// Same as [`build`], with environment variables for cargo and the build script.
pub fn build_with(board: &Board, programs: &[&str], variables: &[(&str, &Path)]) -> Result<()> {
    let named = programs.iter().flat_map(|program| ["--bin", program]);
    run(cargo_for(board, "build").arg("--release").args(named).envs(variables.iter().copied()))?;
    fs::create_dir_all(elf(board, "").as_path())?;
    for program in programs {
        let built = built(board, program);
        fs::copy(&built, elf(board, program)).with_context(|| format!("{} was not built", built.display()))?;
    }
    Ok(())
}

/// Returns the path to which [`build`] copies a program.
pub fn elf(board: &Board, program: &str) -> PathBuf {
    build_dir().join(board.name).join(program)
}

/// Returns the path at which cargo leaves a program, until it is built for another board of the same target.
pub fn built(board: &Board, program: &str) -> PathBuf {
    build_dir().join(board.target).join("release").join(program)
}

/// Returns a cargo command in `firmware-example` with the board's target and flags.
pub fn cargo_for(board: &Board, subcommand: &str) -> Command {
    let mut command = cargo([subcommand, "--target", board.target]);
    command.current_dir(root().join("firmware-example"));
    command.arg("--target-dir").arg(build_dir());
    command.env("BOARD", board.name).env("RUSTFLAGS", board.rustflags.join(" "));
    command.env_remove("CARGO_ENCODED_RUSTFLAGS");
    command
}

fn build_dir() -> PathBuf {
    target_dir().join("firmware")
}
