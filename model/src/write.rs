//! The image of a network, and the module that opens it.

use super::{Carried, Model, probe};
use elman::error::{ImageError, WriteError};
use elman::image::{Described, stream_described};

/// Position of the checksum in an image; see `docs/image-format.md`.
const CHECKSUM: std::ops::Range<usize> = 28..32;

/// Beginning of a [module](Model::module), whichever command wrote it.
pub const MODULE_MARK: &str = "// Written by `elman ";

impl Model {
    /// Returns the flash image, with weights in f32, and a probe whose outputs were computed in f64.
    ///
    /// # Errors
    /// [`WriteError`] if a weight or an output for the probe is NaN or infinite in f32.
    pub fn image(&self) -> Result<Vec<u8>, WriteError> {
        self.image_with(&Carried::default())
    }

    /// Returns the flash image with additional data.
    ///
    /// # Errors
    /// Same as [`image`](Self::image), or if the additional data cannot be used.
    pub fn image_with(&self, carried: &Carried) -> Result<Vec<u8>, WriteError> {
        let weights = |sink: &mut dyn FnMut(&[u8])| {
            self.weights().for_each(|weight| sink(&(weight as f32).to_le_bytes()));
        };
        let refused = |error| WriteError::Image(ImageError::Section(error));
        let (mut image, probe) = (Vec::new(), probe::Written::of(self).map_err(refused)?);
        let mut sections = carried.sections();
        sections.push(&probe);
        stream_described(&self.description(), &weights, &sections, &mut |bytes| image.extend_from_slice(bytes))?;
        // Make sure that the image can be opened.
        Described::open(&image).map_err(WriteError::Image)?;
        Ok(image)
    }

    /// Returns the source of a Rust module with the network's type and its image, which must be stored as `file` next
    /// to the module. The module does not compile with any other image. It can be a `mod` of its own, or be included
    /// in one:
    /// `mod model { include!(concat!(env!("OUT_DIR"), "/model.rs")); }`
    ///
    /// # Errors
    /// Same as [`image`](Self::image).
    pub fn module(&self, file: &str) -> Result<String, WriteError> {
        self.module_with(file, &Carried::default())
    }

    /// Same as [`module`](Self::module), but with the types of the additional data.
    ///
    /// # Errors
    /// Same as [`image_with`](Self::image_with).
    pub fn module_with(&self, file: &str, carried: &Carried) -> Result<String, WriteError> {
        let (description, net, image) = (self.description(), self.rust_type(), self.image_with(carried)?);
        Ok(module("elman import", [&description, &net, &carried.types()], file, &image))
    }
}

/// Returns the module that `program` writes, for a network with this description and type and what travels with it.
pub(super) fn module(program: &str, [description, net, carried]: [&str; 3], file: &str, image: &[u8]) -> String {
    let what = program.trim_start_matches("elman ");
    let runs = match what {
        "import" => "imports",
        _ => "runs",
    };
    let checksum = checksum(image);
    format!(
        "{MODULE_MARK}{what}`: {description}.\n\n\
        /// The network.\n\
        pub type Net = {net};\n\n\
        {carried}\
        /// Its image, aligned so that it can be opened.\n\
        pub static IMAGE: &elman::image::Aligned<[u8]> = &elman::image::Aligned(*include_bytes!({file:?}));\n\n\
        // The last four bytes of the image's header are its checksum.\n\
        const _: () = assert!(\n    \
            matches!(include_bytes!({file:?}).first_chunk::<32>(), Some([.., {checksum}])),\n    \
            \"this module and its image come from different {runs}: run `{program}` again\"\n\
        );\n\n\
        /// Opens the image in place: the network and the data that travels with it.\n\
        ///\n\
        /// # Errors\n\
        /// If the image is damaged.\n\
        pub fn open() -> Result<elman::Image<'static, Net>, elman::error::ImageError> {{\n    \
            elman::Image::open(&IMAGE.0)\n\
        }}\n"
    )
}

/// Returns the bytes of an image's checksum, formatted as a pattern.
fn checksum(image: &[u8]) -> String {
    let bytes = image.get(CHECKSUM).unwrap_or_default();
    bytes.iter().map(|byte| format!("{byte:#04x}")).collect::<Vec<_>>().join(", ")
}
