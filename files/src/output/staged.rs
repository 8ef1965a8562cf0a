//! A staged file, complete under a temporary name.

use super::place::folder;
use super::{Fill, through};
use std::fs::{self, File, Metadata, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;
use tempfile::{Builder, NamedTempFile};

/// Suffix of the names of unfinished files.
const SUFFIX: &str = ".elman-part";

/// Largest number of characters that a temporary name takes from the file's name; names are limited to 255 bytes.
const NAME: usize = 50;

/// A complete file next to the one that it replaces. It is removed on drop unless [`rename`](Self::rename) is called.
pub struct Staged {
    file: NamedTempFile,
    target: PathBuf,
}

impl Staged {
    /// Writes the contents to a file next to `target` and flushes it to disk.
    pub fn new(target: PathBuf, fill: Fill<'_>) -> io::Result<Self> {
        let before = before(&target)?;
        // Canonical, so that two paths to the same file compare equal.
        let target = fs::canonicalize(folder(&target))?.join(name(&target)?);
        let file = create(&target).map_err(|error| {
            io::Error::new(error.kind(), format!("cannot create a file next to it to replace it: {error}"))
        })?;
        // Not through `tempfile`, which would name its own file in the error.
        through(file.as_file(), fill)?;
        if let Some(before) = before {
            keep(file.as_file(), &before)?;
        }
        file.as_file().sync_all()?;
        Ok(Self { file, target })
    }

    /// Moves the file to its final path and returns that path.
    pub fn rename(self) -> io::Result<PathBuf> {
        self.file.persist(&self.target).map_err(|error| error.error)?;
        Ok(self.target)
    }

    /// Returns the path of the file to replace.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Locks the folder while several files are renamed. Returns `None` if the lock is not obtained within a second,
    /// because the file system has no locks or another program holds it; renaming then continues without it.
    pub fn turn(&self) -> Option<File> {
        let folder = File::open(folder(&self.target)).ok()?;
        for _ in 0..100 {
            match folder.try_lock() {
                Ok(()) => return Some(folder),
                Err(TryLockError::WouldBlock) => sleep(Duration::from_millis(10)),
                Err(TryLockError::Error(_)) => return None,
            }
        }
        None
    }
}

fn name(target: &Path) -> io::Result<&std::ffi::OsStr> {
    target.file_name().ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "the path has no file name; name a file"))
}

/// Flushes a file's new name to disk and removes files left over from earlier writes.
pub fn settle(target: &Path) -> io::Result<()> {
    sync(folder(target))?;
    clean(target);
    Ok(())
}

/// Returns the metadata of the old file, if there is one. The file must be writable, which renaming would not check.
fn before(target: &Path) -> io::Result<Option<Metadata>> {
    match File::options().write(true).open(target) {
        Ok(file) => file.metadata().map(Some),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Creates an empty file next to `target`, locked so that no other program takes it for a leftover.
fn create(target: &Path) -> io::Result<NamedTempFile> {
    loop {
        let file = builder(&prefix(target)).tempfile_in(folder(target))?;
        let is_taken = matches!(file.as_file().try_lock(), Err(TryLockError::WouldBlock));
        // Another program may have removed the file before it was locked.
        if !is_taken && file.path().exists() {
            return Ok(file);
        }
    }
}

/// Returns a builder of files with the default permissions, which `tempfile` does not set by itself.
#[cfg(unix)]
fn builder(prefix: &str) -> Builder<'_, 'static> {
    use std::os::unix::fs::PermissionsExt;
    let mut builder = Builder::new();
    builder.prefix(prefix).suffix(SUFFIX).permissions(fs::Permissions::from_mode(0o666));
    builder
}

#[cfg(not(unix))]
fn builder(prefix: &str) -> Builder<'_, 'static> {
    let mut builder = Builder::new();
    builder.prefix(prefix).suffix(SUFFIX);
    builder
}

/// Returns the prefix of the names of unfinished files for `target`.
fn prefix(target: &Path) -> String {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    format!(".{}.", name.chars().take(NAME).collect::<String>())
}

/// Gives a file the mode and owner of the previous one. Changing the owner may fail, since only root may do so.
#[cfg(unix)]
fn keep(file: &File, before: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let _ = fchown(file, Some(before.uid()), Some(before.gid()));
    file.set_permissions(fs::Permissions::from_mode(before.mode() & 0o777))
}

#[cfg(not(unix))]
fn keep(file: &File, before: &Metadata) -> io::Result<()> {
    file.set_permissions(before.permissions())
}

/// Flushes the names in a folder to disk, if the file system can.
#[cfg(unix)]
fn sync(folder: &Path) -> io::Result<()> {
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        Err(error) if !matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Err(error),
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
fn sync(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Removes unfinished files for `target` that killed programs left behind; these are no longer locked.
fn clean(target: &Path) {
    let prefix = prefix(target);
    let Ok(entries) = fs::read_dir(folder(target)) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_part = name.starts_with(&prefix) && name.ends_with(SUFFIX);
        if is_part && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            remove_unlocked(&entry.path());
        }
    }
}

/// Removes a file unless a program holds its lock.
fn remove_unlocked(path: &Path) {
    let Ok(file) = File::open(path) else { return };
    // The lock is held until the file is gone: in between, the program that creates it could lock it and rely on it.
    if file.try_lock().is_ok() {
        // Nothing is lost if it stays.
        let _ = fs::remove_file(path);
    }
}
