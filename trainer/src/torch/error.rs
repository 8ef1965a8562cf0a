use safetensors::SafeTensorError;
use std::fmt;

/// A file is not a network that is understood.
#[derive(Debug)]
pub enum TorchError {
    /// It is no safetensors file, or a damaged one.
    File(SafeTensorError),
    /// There is no tensor with such a name.
    Missing(String),
    /// There are several modules that could be meant.
    Several {
        /// What they could be.
        what: &'static str,
        /// Their names.
        names: Vec<String>,
    },
    /// A tensor has another shape than the others ask for.
    Shape {
        /// Its name.
        name: String,
        /// Its shape.
        found: Vec<usize>,
        /// The shape asked for.
        expected: Vec<usize>,
    },
    /// A tensor's numbers are of a type that is not read.
    NumberType {
        /// Its name.
        name: String,
        /// The type.
        found: String,
    },
    /// Something that is not supported.
    Unsupported(String),
}

impl fmt::Display for TorchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => write!(f, "not a readable safetensors file: {error}"),
            Self::Missing(what) => write!(f, "there is no {what}"),
            Self::Several { what, names } => write!(f, "any of these could be the {what}: {}", names.join(", ")),
            Self::Shape { name, found, expected } => {
                write!(f, "{name} has the shape {found:?}, the other tensors ask for {expected:?}")
            }
            Self::NumberType { name, found } => write!(f, "{name} is of {found}; read are F64, F32, F16 and BF16"),
            Self::Unsupported(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for TorchError {}
