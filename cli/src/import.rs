use crate::beside::Beside;
use crate::describe::{describe_carried, describe_import};
use crate::outputs::Outputs;
use crate::source::Source;
use crate::write::write;
use crate::{Failure, Said};
use std::path::PathBuf;

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
    /// Output file for the image; - is standard output, without the module
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
        let image = self.output.clone().unwrap_or_else(|| self.source.file.with_extension("elman"));
        let outputs = Outputs::new(image);
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
