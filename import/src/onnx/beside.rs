use elman_files::source;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Returns a reader of files next to the model at `path`, for [`read_beside`](super::read_beside). It reads only
/// regular files whose path, with all links resolved, lies below the model's folder or, if `path` is a link,
/// below the folder of its target.
///
/// The target's folder is needed for caches that keep a folder of links next to a folder of files; onnxruntime
/// allows the same two folders.
pub fn beside(path: &Path) -> impl Fn(&str, u64) -> io::Result<Vec<u8>> {
    let path = path.to_path_buf();
    move |name, limit| {
        let file = path.with_file_name(name).canonicalize().map_err(|error| match error.kind() {
            ErrorKind::NotFound => {
                io::Error::new(ErrorKind::NotFound, "there is no such file; copy it into the model's folder")
            }
            _ => error,
        })?;
        let folders = [folder(&path).canonicalize()?, folder(&path.canonicalize()?)];
        if !folders.iter().any(|folder| file.starts_with(folder)) {
            let reason = "a link leads out of the model's folder; copy the file itself into the folder";
            return Err(io::Error::new(ErrorKind::PermissionDenied, reason));
        }
        source::bytes(&file, limit).map_err(io::Error::other)
    }
}

/// Refuses to read any file, for a model that was not read from a folder and so has no files next to it.
///
/// # Errors
/// Always.
pub fn alone(_: &str, _: u64) -> io::Result<Vec<u8>> {
    let reason = "the model was not read from a folder, so it has no files next to it; give the path of the model file";
    Err(io::Error::new(ErrorKind::Unsupported, reason))
}

/// Returns the folder of a file, which is the current folder for a bare file name.
fn folder(file: &Path) -> PathBuf {
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new(".")).to_path_buf()
}
