//! Steps on `fuzz/` that need no fuzzing, which is left to `cargo xtask deep fuzz`.

use crate::command::{cargo, root, run, target_dir};
use anyhow::Result;
use std::process::Command;

pub fn lints() -> Result<()> {
    run(in_fuzz("clippy").args(["--all-targets", "--", "-D", "warnings"]))
}

/// Checks each committed input, including those that once made a reader fail.
pub fn corpus() -> Result<()> {
    run(in_fuzz("test").args(["--test", "corpus"]))
}

/// Creates a cargo command in `fuzz/` that shares the target directory, and so most dependencies, with the host's
/// workspace.
fn in_fuzz(command: &str) -> Command {
    let mut cargo = cargo([command]);
    cargo.current_dir(root().join("fuzz")).arg("--target-dir").arg(target_dir());
    cargo
}
