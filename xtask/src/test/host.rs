//! Steps on the host's workspace.

use crate::command::{cargo, root, run, run_within, works};
use anyhow::Result;
use std::time::Duration;

pub fn format() -> Result<()> {
    run(&mut cargo(["fmt", "--all", "--check"]))?;
    ["firmware-example", "board-example", "c-example", "fuzz"]
        .iter()
        .try_for_each(|workspace| run(cargo(["fmt", "--check"]).current_dir(root().join(workspace))))
}

pub fn lints() -> Result<()> {
    run(&mut cargo(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    run(&mut cargo(["clippy", "-p", "elman", "--all-features", "--", "-D", "warnings"]))
}

/// Packages to test. xtask has no tests, and its dependencies would be compiled a second time for nothing; the
/// compiler messages are a separate step.
const TESTED: [&str; 5] = ["--workspace", "--exclude", "xtask", "--exclude", "ui-tests"];

/// Runs the tests, with nextest if it is installed, which is faster and proves the same.
pub fn tests() -> Result<()> {
    if works("cargo", &["nextest", "--version"]) {
        run(cargo(["nextest", "run"]).args(TESTED))
    } else {
        run(cargo(["test", "--lib", "--bins", "--tests"]).args(TESTED))
    }
}

/// Tests the largest network without optimisation, where only the code itself keeps a large value off the stack.
pub fn unoptimised() -> Result<()> {
    run(&mut cargo(["test", "-p", "host-tests", "--test", "lecture", "--profile", "dev"]))
}

pub fn doc_tests() -> Result<()> {
    run(cargo(["test", "--doc"]).args(TESTED))
}

/// Checks the compiler's messages for typical mistakes. The programs are built in `target/tests`.
pub fn messages() -> Result<()> {
    run_within(&mut cargo(["test", "-p", "ui-tests"]), Duration::from_secs(600))
}

pub fn documentation() -> Result<()> {
    run(cargo(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
}
