use crate::describe::describe;
use crate::source::Source;
use crate::write::write;
use std::path::PathBuf;

/// Turn a PyTorch state dict into a flash image and a Rust module that opens it
///
/// Understood are nn.RNN, nn.GRU and nn.LSTM with an nn.Linear, and an nn.Embedding if there is one. The image is written
/// beside the file, or to --output, as .elman; the module beside the image, as .rs.
#[derive(clap::Args)]
pub struct Import {
    #[command(flatten)]
    source: Source,
    /// Where to write the image
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Import {
    pub fn run(self) -> Result<(), String> {
        let model = self.source.read()?;
        let image = self.output.unwrap_or_else(|| self.source.file.with_extension("elman"));
        let name = image.file_name().and_then(|name| name.to_str()).ok_or("the image needs a name that is text")?;
        let module = image.with_extension("rs");
        if module == image || image == self.source.file {
            return Err(format!("{}: the image needs another extension, such as .elman", image.display()));
        }
        describe(&model);
        write(&image, &model.image())?;
        write(&module, model.module(name).as_bytes())
    }
}
