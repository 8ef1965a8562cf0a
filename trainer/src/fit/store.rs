//! Checkpoint file of a run, locked against other runs.

use super::checkpoint::{self, Checkpoint};
use super::error::{CheckpointError, CheckpointFlaw as Flaw};
use super::identity::Identity;
use super::numbers::Numbers;
use super::state::{Kept, State};
use elman_files::output;
use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Checkpoint of the current run.
pub struct Store<'a> {
    path: &'a Path,
    run: Identity,
    _lock: Option<Lock>,
}

impl<'a> Store<'a> {
    /// Locks the checkpoint at `path` for `run`, and reads it if it exists.
    pub fn open(path: &'a Path, run: Identity) -> Result<(Self, Option<Checkpoint>), CheckpointError> {
        let at = |flaw| CheckpointError { path: path.into(), flaw };
        let lock = Lock::take(path).map_err(at)?;
        let found = checkpoint::read(path, &run).map_err(at)?;
        Ok((Self { path, run, _lock: lock }, found))
    }

    /// Writes the state of the run. Even after a crash, the file is either the old one or the new one.
    pub fn save(&self, state: &State, numbers: Numbers, kept: &Kept) -> Result<(), CheckpointError> {
        let checkpoint = Checkpoint { run: self.run.clone(), state: state.clone(), numbers, kept: kept.clone() };
        let at = |flaw| CheckpointError { path: self.path.into(), flaw };
        let bytes = checkpoint.bytes().map_err(at)?;
        output::write(self.path, &bytes).map_err(|failed| at(Flaw::Write(failed.error)))
    }
}

/// A file next to the checkpoint, locked by the run. The lock ends with the program, however it ends, so a
/// leftover file does not block later runs.
struct Lock {
    path: PathBuf,
    file: File,
}

impl Lock {
    /// Locks the checkpoint at `path`; `None` if the file system does not support locks.
    fn take(path: &Path) -> Result<Option<Self>, Flaw> {
        let path = output::resolved(path).and_then(|path| output::beside(&path, ".lock")).map_err(Flaw::Write)?;
        loop {
            let file = File::options().create(true).append(true).open(&path).map_err(Flaw::Write)?;
            match file.try_lock() {
                Err(TryLockError::WouldBlock) => return Err(Flaw::InUse),
                Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(Flaw::Write(error)),
                Ok(()) => (),
            }
            let lock = Self { path: path.clone(), file };
            if lock.is_there() {
                return Ok(Some(lock));
            }
        }
    }

    /// Returns `true` if the locked file is still at its path: the previous run may have removed it after it
    /// was opened here.
    #[cfg(unix)]
    fn is_there(&self) -> bool {
        use std::os::unix::fs::MetadataExt;
        let identity = |found: fs::Metadata| (found.dev(), found.ino());
        let (named, locked) = (fs::metadata(&self.path).map(identity), self.file.metadata().map(identity));
        matches!((named, locked), (Ok(named), Ok(locked)) if named == locked)
    }

    #[cfg(not(unix))]
    fn is_there(&self) -> bool {
        let _ = &self.file;
        self.path.exists()
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if self.is_there() {
            // Nothing is lost if it stays.
            let _ = fs::remove_file(&self.path);
        }
    }
}
