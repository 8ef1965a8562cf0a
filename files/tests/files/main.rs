//! Reading and writing of files, with sizes and paths where something could go wrong.

mod output;
mod source;

use std::fs;
use std::path::{Path, PathBuf};

/// An empty folder.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}
