//! The files that a command writes for a device.

use crate::Failure;
use crate::write::is_read;
use elman_files::output::is_stdout;
use elman_files::source::{self, LIMIT, SourceError};
use elman_model::MODULE_MARK;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// An image, and the module next to it that opens it.
pub struct Outputs {
    /// Path of the image.
    pub image: PathBuf,
    /// Path of the module; `None` if the image goes to standard output.
    pub module: Option<PathBuf>,
}

impl Outputs {
    pub fn new(image: PathBuf) -> Self {
        let module = (!is_stdout(&image)).then(|| image.with_extension("rs"));
        Self { image, module }
    }

    /// # Errors
    /// If this would overwrite an input file, or a file not written by `elman import`.
    pub fn check(&self, inputs: &[PathBuf]) -> Result<(), Failure> {
        let Self { image, module } = self;
        let mut outputs = [image].into_iter().chain(module);
        if module.as_ref() == Some(image) || outputs.any(|output| is_read(output, inputs)) {
            return Err(Failure::Usage(format!(
                "{}: the image or its module would overwrite an input; give the image another name, ending in .elman",
                image.display()
            )));
        }
        match module.as_ref().filter(|module| is_foreign(module)) {
            None => Ok(()),
            Some(module) => Err(Failure::Usage(format!(
                "{}: not written by elman import, so it is not replaced; give the image another name (--output)",
                module.display()
            ))),
        }
    }

    /// The name by which the module includes the image.
    pub fn name(&self) -> Result<&str, String> {
        let name = self.image.file_name().and_then(|name| name.to_str());
        name.ok_or_else(|| format!("{}: the name of the image must be valid UTF-8", self.image.display()))
    }
}

/// Returns `true` if a file exists that does not begin like a module.
fn is_foreign(module: &Path) -> bool {
    match source::bytes(module, LIMIT) {
        Ok(before) => !before.starts_with(MODULE_MARK.as_bytes()),
        Err(error) => error != SourceError::Io(ErrorKind::NotFound),
    }
}
