//! Committed instruction counts, and the comparison with them.

use super::log::Figure;
use crate::command::root;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::PathBuf;

/// Allowed increase above the committed figure, per cent.
const TOLERANCE: u64 = 2;

fn path() -> PathBuf {
    root().join("firmware-example/src/bin/bench.tsv")
}

/// Writes the figures to the committed table: each line is a name, a tab and the number of instructions.
pub fn write(figures: &[Figure]) -> Result<()> {
    let lines: String =
        figures.iter().map(|Figure { name, instructions, .. }| format!("{name}\t{instructions}\n")).collect();
    fs::write(path(), lines).with_context(|| path().display().to_string())
}

/// Fails if a figure rose by more than [`TOLERANCE`] or has no counterpart. Prints the figures that fell by
/// as much.
pub fn compare(figures: &[Figure]) -> Result<()> {
    let table = fs::read_to_string(path()).with_context(|| path().display().to_string())?;
    let committed: Vec<(&str, u64)> = table
        .lines()
        .map(|line| line.split_once('\t').and_then(|(name, count)| Some((name, count.parse().ok()?))))
        .collect::<Option<_>>()
        .context("a line of the table is not a name, a tab and a number")?;
    let names = |figure: &Figure| committed.iter().any(|(name, _)| *name == figure.name);
    ensure!(
        figures.len() == committed.len() && figures.iter().all(names),
        "the measurements and the table have different rows: `cargo xtask bench` rewrites it"
    );
    let mut risen = Vec::new();
    for (name, before) in committed {
        let Some(Figure { instructions: now, .. }) = figures.iter().find(|figure| figure.name == name) else {
            continue;
        };
        if now * 100 > before * (100 + TOLERANCE) {
            risen.push(format!("{name}: {before} -> {now}"));
        } else if now * (100 + TOLERANCE) < before * 100 {
            println!("{name}: {before} -> {now}, an improvement: `cargo xtask bench` updates the table");
        }
    }
    ensure!(risen.is_empty(), "instructions more than {TOLERANCE} % above the committed count: {}", risen.join("; "));
    Ok(())
}
