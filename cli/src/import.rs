use crate::beside::Beside;
use crate::describe::{describe_carried, describe_import};
use crate::source::Source;
use crate::write::{is_read, write};
use crate::{Failure, Said};
use elman_files::output::is_stdout;
use elman_files::source::{self, LIMIT, SourceError};
use elman_model::MODULE_MARK;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Turn a PyTorch state dict or an ONNX model into a flash image and a Rust module that opens it
///
/// Reads nn.RNN, nn.GRU and nn.LSTM with an nn.Linear and an optional nn.Embedding; in ONNX, the operators that
/// PyTorch's exporters write for these. Anything else is refused with a reason. The image is
/// written next to the input file, or to --output, as .elman, and the module next to the image, as .rs. The image
/// includes the normaliser or the vocabulary that the network was trained with, if its file is given.
#[derive(clap::Args)]
pub struct Import {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    beside: Beside,
    /// Output file of the image; - is standard output, without the module
    #[arg(short, long, value_name = "IMAGE")]
    output: Option<PathBuf>,
}

impl Import {
    pub fn run(self, said: &mut Said) -> Result<(), Failure> {
        let bytes = self.source.bytes()?;
        let format = self.source.format(&bytes);
        self.source.check(format)?;
        let import = self.source.read(format, bytes)?;
        let carried = self.beside.read(&import.model)?;
        if self.output.is_none() && self.source.is_stdin() {
            return Err(Failure::Usage(
                self.source.says(&"standard input has no name; name the output file (--output)"),
            ));
        }
        let outputs = Outputs::new(&self);
        let inputs: Vec<_> = self.source.files().into_iter().chain(self.beside.files().cloned()).collect();
        outputs.check(&inputs)?;
        let name = outputs.name()?;
        describe_import(&import, said);
        describe_carried(&carried, said);
        let image = import.model.image_with(&carried).map_err(|error| self.source.says(&error))?;
        let module = import.model.module_with(name, &carried).map_err(|error| self.source.says(&error))?;
        let mut files = vec![(outputs.image.as_path(), image.as_slice())];
        files.extend(outputs.module.as_deref().map(|path| (path, module.as_bytes())));
        Ok(write(&files, said)?)
    }
}

/// Output files.
struct Outputs {
    image: PathBuf,
    /// Path of the module; `None` if the image goes to standard output.
    module: Option<PathBuf>,
}

impl Outputs {
    fn new(import: &Import) -> Self {
        let image = import.output.clone().unwrap_or_else(|| import.source.file.with_extension("elman"));
        let module = (!is_stdout(&image)).then(|| image.with_extension("rs"));
        Self { image, module }
    }

    /// Returns an error if an output would overwrite an input file, or a file not written by `elman import`.
    fn check(&self, inputs: &[PathBuf]) -> Result<(), Failure> {
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

    /// Returns the file name by which the module includes the image.
    fn name(&self) -> Result<&str, String> {
        let name = self.image.file_name().and_then(|name| name.to_str());
        name.ok_or_else(|| format!("{}: the name of the image must be valid UTF-8", self.image.display()))
    }
}

/// Returns `true` if the file exists but does not begin like a module that `elman import` writes.
fn is_foreign(module: &Path) -> bool {
    match source::bytes(module, LIMIT) {
        Ok(before) => !before.starts_with(MODULE_MARK.as_bytes()),
        Err(error) => error != SourceError::Io(ErrorKind::NotFound),
    }
}
