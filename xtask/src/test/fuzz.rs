//! Steps on `fuzz/` that need no fuzzing: `cargo xtask deep fuzz` does that.

use crate::command::{cargo, root, run, target_dir};
use anyhow::Result;
use std::process::Command;

pub fn lints() -> Result<()> {
    run(in_fuzz("clippy").args(["--all-targets", "--", "-D", "warnings"]))
}

/// Each input that is committed passes its check, those on which a reader once failed included.
pub fn corpus() -> Result<()> {
    run(in_fuzz("test").args(["--test", "corpus"]))
}

/// Starts a cargo command in `fuzz/` that shares the target directory of the host's workspace, and so most dependencies.
fn in_fuzz(command: &str) -> Command {
    let mut cargo = cargo([command]);
    cargo.current_dir(root().join("fuzz")).arg("--target-dir").arg(target_dir());
    cargo
}
