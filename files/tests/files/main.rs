//! Tests of reading and writing files, with sizes and paths that could cause trouble.

mod output;
mod source;

use std::fs;
use std::path::{Path, PathBuf};

/// Creates an empty folder for a test.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}
