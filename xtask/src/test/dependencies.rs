//! Steps on the dependencies in every lock file, by the rules of `deny.toml`.

use crate::command::{root, run, run_within};
use crate::report::Report;
use crate::setup;
use anyhow::Result;
use std::process::Command;
use std::time::Duration;

/// Directories of the lock files.
const WORKSPACES: [&str; 5] = ["", "firmware-example", "board-example", "c-example", "fuzz"];

/// Checks that each dependency has a listed licence, comes from crates.io and is not banned.
pub fn licences() -> Result<()> {
    check(&["bans", "licenses", "sources"])
}

/// Checks that no dependency has a known vulnerability or was yanked. The step is skipped if the database is
/// unreachable.
pub fn advisories(report: &mut Report) {
    let name = "dependencies: advisories";
    if !report.wants(name) {
        return;
    }
    match fetched() {
        Ok(()) => report.step(name, || check(&["advisories"])),
        Err(error) => report.leave_out(name, &format!("the advisory database cannot be reached ({error})")),
    }
}

fn check(what: &[&str]) -> Result<()> {
    WORKSPACES.iter().try_for_each(|workspace| {
        let mut deny = deny()?;
        deny.arg("--manifest-path").arg(root().join(workspace).join("Cargo.toml"));
        // Not every lock file has all crates that `deny.toml` names.
        run(deny.args(["--all-features", "--locked", "check", "--allow", "unused-wrapper"]).args(what))
    })
}

fn fetched() -> Result<()> {
    run_within(deny()?.args(["fetch", "db"]), Duration::from_secs(120))
}

/// Creates a cargo-deny command with our rules.
fn deny() -> Result<Command> {
    let mut deny = Command::new(setup::cargo_deny()?);
    deny.arg("--config").arg(root().join("deny.toml")).current_dir(root());
    Ok(deny)
}
