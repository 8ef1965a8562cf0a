//! Openings of doc comments: a noun phrase or a verb, not a subordinate clause.

use crate::command::root;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};

/// First words that keep a comment from naming anything.
const EMPTY: [&str; 9] = ["what", "whether", "how", "where", "that", "of", "as", "those", "who"];
/// Allowed share of such comments in a crate, in percent.
const MOST: usize = 2;
/// Folders without our own code.
const LEFT_OUT: [&str; 2] = ["target", "generated"];

/// Counts the doc comments of each crate that begin with a word like `what` or `how`.
pub fn openings() -> Result<()> {
    for entry in fs::read_dir(root())? {
        let folder = entry?.path();
        if folder.join("Cargo.toml").is_file() {
            check(&folder)?;
        }
    }
    Ok(())
}

fn check(folder: &Path) -> Result<()> {
    let (mut all, mut empty) = (0, Vec::new());
    for file in sources(folder)? {
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        for opening in openings_of(&text) {
            all += 1;
            let first = opening.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            if EMPTY.contains(&first.to_lowercase().as_str()) {
                empty.push(format!("{}: {opening}", file.display()));
            }
        }
    }
    println!("{}: {} of {all} comments begin with a word like `what` or `how`", folder.display(), empty.len());
    ensure!(
        100 * empty.len() <= MOST * all,
        "more than {MOST} % of the comments begin with a word like `what` or `how`, not a noun or a verb:\n{}",
        empty.join("\n")
    );
    Ok(())
}

/// Returns the first lines of a file's comments.
fn openings_of(text: &str) -> impl Iterator<Item = &str> {
    let mut before = false;
    text.lines().filter_map(move |line| {
        let comment = line.trim().strip_prefix("//").filter(|rest| rest.starts_with(['/', '!']));
        let opening = comment.filter(|_| !before).map(|rest| rest[1..].trim());
        before = comment.is_some();
        opening.filter(|opening| !opening.is_empty() && !opening.starts_with(['`', '#', '|']))
    })
}

/// Returns the Rust files below a folder.
fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && !name.starts_with('.') && !LEFT_OUT.contains(&name.as_str()) {
            files.extend(sources(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(files)
}
