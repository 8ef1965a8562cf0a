//! Steps on what every lock file brings in, by the rules of `deny.toml`.

use crate::command::{root, run, run_within};
use crate::report::Report;
use crate::setup;
use anyhow::Result;
use std::process::Command;
use std::time::Duration;

/// Where the lock files lie.
const WORKSPACES: [&str; 5] = ["", "firmware-example", "board-example", "c-example", "fuzz"];

/// Each dependency has a licence that is listed, comes from crates.io, and is none that is banned.
pub fn licences() -> Result<()> {
    check(&["bans", "licenses", "sources"])
}

/// No dependency has a known hole or was taken back; left out where the database cannot be reached.
pub fn advisories(report: &mut Report) {
    let name = "dependencies: advisories";
    if !report.wants(name) {
        return;
    }
    match fetched() {
        Ok(()) => report.step(name, || check(&["advisories"])),
        Err(error) => report.leave_out(name, &format!("the database of advisories cannot be reached ({error})")),
    }
}

fn check(what: &[&str]) -> Result<()> {
    let deny = setup::cargo_deny()?;
    WORKSPACES.iter().try_for_each(|workspace| {
        let manifest = root().join(workspace).join("Cargo.toml");
        let mut deny = Command::new(&deny);
        deny.arg("--manifest-path").arg(manifest).args(["--all-features", "--locked", "check", "--config"]);
        run(deny.arg(root().join("deny.toml")).args(what).current_dir(root()))
    })
}

fn fetched() -> Result<()> {
    let mut fetch = Command::new(setup::cargo_deny()?);
    fetch.args(["fetch", "--config"]).arg(root().join("deny.toml")).arg("db").current_dir(root());
    run_within(&mut fetch, Duration::from_secs(120))
}
