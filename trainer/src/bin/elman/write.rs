use crate::Said;
use crate::describe::line;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Whether both are one file, however they are called.
pub fn is_same(a: &Path, b: &Path) -> bool {
    a == b || real(a).is_ok_and(|a| real(b).is_ok_and(|b| a == b))
}

/// Whether a file is, or will be, somewhere below a folder.
pub fn is_within(file: &Path, folder: &Path) -> bool {
    let parent = real(file.parent().unwrap_or(file));
    parent.is_ok_and(|parent| real(folder).is_ok_and(|folder| parent.starts_with(folder)))
}

/// Without links, and from the root. The folder of a mere name is the present one.
fn real(path: &Path) -> io::Result<PathBuf> {
    fs::canonicalize(if path.as_os_str().is_empty() { Path::new(".") } else { path })
}

/// Writes a file.
pub fn store(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()))
}

/// Writes a file and says so.
pub fn write(path: &Path, bytes: &[u8], said: &mut Said) -> Result<(), String> {
    store(path, bytes)?;
    line(said, "wrote", &format!("{} ({} bytes)", path.display(), bytes.len()));
    Ok(())
}
