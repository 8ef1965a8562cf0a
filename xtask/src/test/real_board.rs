//! Steps on `board-example`, which is built but not run: QEMU has no such board.

use crate::command::{cargo, root, run, target_dir};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Lints the programs of the crate.
pub fn lints() -> Result<()> {
    run(cargo_for("clippy").args(["--no-deps", "--", "-D", "warnings"]))
}

/// Checks that the programs link, with the versions in the crate's lock file.
pub fn builds() -> Result<()> {
    run(&mut cargo_for("build"))
}

/// Checks that training on this machine reproduces the committed image, byte for byte.
pub fn model() -> Result<()> {
    let made = target_dir().join("motions.elman");
    let example = ["run", "--release", "--quiet", "--package", "elman-trainer", "--example", "motions", "--", "write"];
    run(cargo(example).arg(&made))?;
    let kept = directory().join("models/motions.elman");
    let [made, kept] = [&made, &kept].map(|path| fs::read(path).with_context(|| path.display().to_string()));
    ensure!(made? == kept?, "the image of the example `motions` differs from board-example/models");
    Ok(())
}

/// Creates a cargo command with the crate's own configuration: target, flags, runner.
fn cargo_for(subcommand: &str) -> Command {
    let mut command = cargo([subcommand, "--release", "--locked", "--target-dir"]);
    command.arg(target_dir().join("board")).current_dir(directory());
    command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
    command
}

fn directory() -> PathBuf {
    root().join("board-example")
}
