//! Destination of a path.

use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Largest number of symbolic links in a row, the same as on Linux.
const LINKS: usize = 40;

const STDOUT: [&str; 4] = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

/// Destination of an output.
pub enum Place {
    /// Standard output.
    Stdout,
    /// A pipe, a device or an open descriptor, which cannot be replaced.
    Stream(PathBuf),
    /// A regular file that may or may not exist; not a symbolic link.
    File(PathBuf),
}

impl Place {
    /// Returns the destination of a path.
    pub fn of(path: &Path) -> io::Result<Self> {
        if is_stdout(path) {
            return Ok(Self::Stdout);
        }
        let path = resolved(path)?;
        match fs::symlink_metadata(&path) {
            _ if is_descriptor(&path) => Ok(Self::Stream(path)),
            Ok(found) if found.is_dir() => Err(ErrorKind::IsADirectory.into()),
            Ok(found) if !found.is_file() => Ok(Self::Stream(path)),
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(Self::File(path)),
        }
    }
}

/// Returns `true` if a path names standard output, as `-` and `/dev/stdout` do. Write `./-` for a file called `-`.
#[must_use]
pub fn is_stdout(path: &Path) -> bool {
    STDOUT.iter().any(|name| path.as_os_str() == *name)
}

/// Follows the symbolic links of a path to the end, whether or not a file exists there.
///
/// # Errors
/// If there are more than 40 links in a row, or one cannot be read.
pub fn resolved(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_path_buf();
    for _ in 0..LINKS {
        // A link to an open descriptor reads as the name of a file, but is the descriptor.
        let is_link = fs::symlink_metadata(&path).is_ok_and(|found| found.is_symlink()) && !is_descriptor(&path);
        if !is_link {
            return Ok(path);
        }
        path = folder(&path).join(fs::read_link(&path)?);
    }
    Err(io::Error::other("too many symbolic links"))
}

/// Returns `true` if a path lies in the system's folder of open descriptors.
fn is_descriptor(path: &Path) -> bool {
    fs::canonicalize(folder(path)).is_ok_and(|folder| folder.starts_with("/proc") || folder == Path::new("/dev/fd"))
}

/// Returns the folder of a path; the current folder for a bare file name.
pub fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Returns the path of a hidden file next to `path`, named by a dot, the name of `path`, and `suffix`.
///
/// # Errors
/// If the path does not end in a name, as in `/` or `..`.
pub fn beside(path: &Path, suffix: &str) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "a file needs a name"))?;
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(suffix);
    Ok(folder(path).join(hidden))
}

/// Returns `true` if both paths lead to the same file, directly or through links; `false` if a file is missing.
#[must_use]
pub fn is_same_file(a: &Path, b: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let identity = |path| fs::metadata(path).map(|found| (found.dev(), found.ino()));
        matches!((identity(a), identity(b)), (Ok(a), Ok(b)) if a == b)
    }
    #[cfg(not(unix))]
    same_file::is_same_file(a, b).unwrap_or(false)
}
