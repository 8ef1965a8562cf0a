use crate::{Said, tell_all};
use elman_files::output::{self, is_same_file, is_stdout};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Returns `true` if an output is one of the inputs, even by another name, and so would overwrite it.
pub fn is_read(output: &Path, inputs: &[PathBuf]) -> bool {
    !is_stdout(output) && inputs.iter().any(|input| input == output || is_same_file(input, output))
}

/// Returns the path itself and, if it is a folder, all paths below it.
pub fn below(path: &Path) -> Vec<PathBuf> {
    let mut files = vec![path.to_path_buf()];
    if let Ok(entries) = fs::read_dir(path) {
        // Links to folders could form a cycle.
        let is_link = |path: &Path| fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink() && path.is_dir());
        let inner = entries.flatten().map(|entry| entry.path()).filter(|path| !is_link(path));
        files.extend(inner.flat_map(|path| below(&path)));
    }
    files
}

/// Returns `true` if a file is, or will be, somewhere below a folder.
pub fn is_within(file: &Path, folder: &Path) -> bool {
    let parent = real(file.parent().unwrap_or(file));
    parent.is_ok_and(|parent| real(folder).is_ok_and(|folder| parent.starts_with(folder)))
}

/// Returns the absolute path with all links resolved. An empty path means the current folder.
fn real(path: &Path) -> io::Result<PathBuf> {
    fs::canonicalize(if path.as_os_str().is_empty() { Path::new(".") } else { path })
}

/// Writes files, all or none, and reports them.
pub fn write(files: &[(&Path, &[u8])], said: &mut Said) -> Result<(), String> {
    let wrote = |path: &Path, length| format!("{:<13} {} ({length} bytes)\n", "wrote", path.display());
    write_saying(files, &wrote, said)
}

/// Writes files, all or none, and reports each with the text of `wrote`; if one goes to standard output, the whole
/// report goes to standard error.
pub fn write_saying(
    files: &[(&Path, &[u8])],
    wrote: &dyn Fn(&Path, usize) -> String,
    said: &mut Said,
) -> Result<(), String> {
    output::write_all(files).map_err(|error| error.to_string())?;
    let (streams, stored): (Vec<_>, Vec<_>) = files.iter().partition(|(path, _)| is_stdout(path));
    stored.iter().for_each(|(path, bytes)| said.push_str(&wrote(path, bytes.len())));
    if !streams.is_empty() {
        tell_all(&std::mem::take(said));
    }
    Ok(())
}
