//! What a linked program holds.

use anyhow::{Context, Result};
use object::{Object, ObjectSymbol};
use std::fs;
use std::path::Path;

/// The names of all symbols of a program, mangled.
pub fn symbols(path: &Path) -> Result<Vec<String>> {
    let bytes = fs::read(path).with_context(|| path.display().to_string())?;
    let file = object::File::parse(&*bytes).with_context(|| path.display().to_string())?;
    Ok(file.symbols().filter_map(|symbol| symbol.name().ok()).map(str::to_owned).collect())
}
