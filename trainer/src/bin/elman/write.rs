use crate::Said;
use crate::describe::line;
use std::fs;
use std::path::Path;

/// Writes a file and says so.
pub fn write(path: &Path, bytes: &[u8], said: &mut Said) -> Result<(), String> {
    fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()))?;
    line(said, "wrote", &format!("{} ({} bytes)", path.display(), bytes.len()));
    Ok(())
}
