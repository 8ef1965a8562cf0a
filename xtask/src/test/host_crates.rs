//! Steps on the host crates: each builds with the dependencies it names, and needs nothing that only another crate
//! needs.

use crate::command::{cargo, output, run};
use anyhow::{Result, ensure};

const CRATES: [&str; 6] = ["elman-cli", "elman-files", "elman-import", "elman-model", "elman-report", "elman-trainer"];

/// Crates, and the packages that their users must not have to compile.
const WITHOUT: [(&str, &[&str]); 3] = [
    ("elman-cli", &["elman-report", "plotters"]),
    ("elman-import", &["clap", "elman-report", "elman-trainer", "plotters"]),
    ("elman-trainer", &["clap", "elman-import", "elman-report", "plotters", "prost"]),
];

/// Builds each crate alone: in a common build, a feature that one crate forgets to name may come from another.
pub fn builds() -> Result<()> {
    CRATES.iter().try_for_each(|name| run(&mut cargo(["check", "-p", name])))
}

pub fn dependencies() -> Result<()> {
    WITHOUT.iter().try_for_each(|(name, others)| {
        let tree = output(&mut cargo(["tree", "-p", name, "-e", "normal,build", "--prefix", "none", "-f", "{lib}"]))?;
        ensure!(tree.lines().any(|line| line == "elman"), "cargo tree -p {name} does not list elman:\n{tree}");
        let found = others.iter().find(|other| tree.lines().any(|line| line.replace('_', "-") == **other));
        found.map_or(Ok(()), |other| anyhow::bail!("{name} depends on {other}"))
    })
}
