//! Comparison of the README's figures with the output of a program.

use crate::command::root;
use anyhow::{Context, Result, ensure};
use std::fs;

/// Checks that the first text block below `heading` quotes lines of `said`, in order. Lines in between may be
/// left out, as `...` shows.
pub fn quotes(heading: &str, said: impl IntoIterator<Item = impl AsRef<str>>) -> Result<()> {
    let readme = fs::read_to_string(root().join("README.md")).context("README.md")?;
    let below = readme
        .split(&format!("\n{heading}\n"))
        .nth(1)
        .with_context(|| format!("the README has no heading {heading}"))?;
    let quoted = below.split("```text\n").nth(1).and_then(|rest| rest.split("```").next());
    let mut said = said.into_iter();
    for line in quoted.context("the README quotes no output")?.lines().filter(|line| *line != "...") {
        ensure!(said.any(|said| said.as_ref() == line), "the README quotes a line that was not printed: {line}");
    }
    Ok(())
}
