use elman_files::source;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Reads files beside the model at `path`, for [`read_beside`](super::read_beside): regular files that lie below the model's
/// folder once every link on the way is followed, or below that of the file that the model's own name leads to.
///
/// The second is for caches that keep a folder of links beside a folder of the files; onnxruntime allows the same two.
pub fn beside(path: &Path) -> impl Fn(&str, u64) -> io::Result<Vec<u8>> {
    let path = path.to_path_buf();
    move |name, limit| {
        let file = path.with_file_name(name).canonicalize().map_err(|error| match error.kind() {
            ErrorKind::NotFound => {
                io::Error::new(ErrorKind::NotFound, "it is not there; copy it to where the model is")
            }
            _ => error,
        })?;
        let folders = [folder(&path).canonicalize()?, folder(&path.canonicalize()?)];
        if !folders.iter().any(|folder| file.starts_with(folder)) {
            let reason = "a link leads out of the model's folder; copy the file itself there";
            return Err(io::Error::new(ErrorKind::PermissionDenied, reason));
        }
        source::bytes(&file, limit).map_err(io::Error::other)
    }
}

/// Reads no file: a model that did not come from a folder has none beside it.
///
/// # Errors
/// Always.
pub fn alone(_: &str, _: u64) -> io::Result<Vec<u8>> {
    let reason = "the model did not come from a folder, so it has no files beside it; give the path of its file";
    Err(io::Error::new(ErrorKind::Unsupported, reason))
}

/// The folder of a file; the present one of a mere name.
fn folder(file: &Path) -> PathBuf {
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new(".")).to_path_buf()
}
