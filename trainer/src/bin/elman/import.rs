use crate::beside::Beside;
use crate::describe::{describe_carried, describe_import};
use crate::source::Source;
use crate::write::{is_same, write};
use crate::{Failure, Said};
use elman_trainer::model::MODULE_MARK;
use elman_trainer::source::{self, LIMIT, SourceError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Turn a PyTorch state dict or an ONNX model into a flash image and a Rust module that opens it
///
/// Understood are nn.RNN, nn.GRU and nn.LSTM with an nn.Linear, and an nn.Embedding if there is one; of ONNX the operators
/// that PyTorch's exporters write for them. The image is written beside the file, or to --output, as .elman; the module beside
/// the image, as .rs. What is not understood is refused with a reason. The normaliser or the vocabulary that the network was
/// trained with travels in the image if its file is given.
#[derive(clap::Args)]
pub struct Import {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    beside: Beside,
    /// Where to write the image
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
            return Err(Failure::Usage(self.source.says(&"standard input has no name; say where to write (--output)")));
        }
        let image = self.output.clone().unwrap_or_else(|| self.source.file.with_extension("elman"));
        let name = image.file_name().and_then(|name| name.to_str());
        let name = name.ok_or_else(|| format!("{}: the image needs a name that is text", image.display()))?;
        let module = image.with_extension("rs");
        let read =
            |path: &Path| [&self.source.file].into_iter().chain(self.beside.files()).any(|file| is_same(path, file));
        if module == image || read(&image) || read(&module) {
            return Err(Failure::Usage(format!("{}: the image needs another name, ending in .elman", image.display())));
        }
        let foreign = match source::bytes(&module, LIMIT) {
            Ok(before) => !before.starts_with(MODULE_MARK.as_bytes()),
            Err(SourceError::Io(ErrorKind::NotFound)) => false,
            Err(_) => true,
        };
        if foreign {
            return Err(Failure::Usage(format!(
                "{}: not written by elman import, so it stays; give the image another name (--output)",
                module.display()
            )));
        }
        let bytes = import.model.image_with(&carried).map_err(|error| self.source.says(&error))?;
        describe_import(&import, said);
        describe_carried(&carried, said);
        write(&image, &bytes, said)?;
        write(&module, import.model.module_with(name, &carried).as_bytes(), said)?;
        Ok(())
    }
}
