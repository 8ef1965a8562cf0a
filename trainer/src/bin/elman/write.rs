use std::fs;
use std::path::Path;

/// Writes a file and says so.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()))?;
    println!("wrote         {} ({} bytes)", path.display(), bytes.len());
    Ok(())
}
