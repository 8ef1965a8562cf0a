use safetensors::SafeTensorError;
use std::fmt;

/// A file is not a network that is understood.
#[derive(Clone, Debug, PartialEq)]
pub enum ImportError {
    /// It is no file of this format, or a damaged one.
    File {
        /// The format.
        format: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// There is no tensor or layer with such a name.
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
    /// A tensor has an element that is infinite, not a number, or too large for `f32`.
    NotFinite {
        /// Its name.
        name: String,
        /// The element's place along each dimension.
        index: Vec<usize>,
        /// The element.
        value: f64,
    },
    /// The network answers its probe, numbers from −1 to 1 or tokens, with NaN or infinity in `f32`.
    Overflow {
        /// The first such output.
        output: usize,
    },
    /// A node of a graph that is not understood.
    Node {
        /// Its operator.
        operator: String,
        /// Its name, or that of its first output.
        node: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Something that is not supported.
    Unsupported(String),
}

impl ImportError {
    pub(crate) fn safetensors(error: SafeTensorError) -> Self {
        Self::File { format: "safetensors", reason: error.to_string() }
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { format, reason } => write!(f, "not a readable {format} file: {reason}"),
            Self::Missing(what) => write!(f, "there is no {what}"),
            Self::Several { what, names } => {
                let names = names.iter().map(|name| if name.is_empty() { "(no name)" } else { name });
                write!(f, "any of these could be the {what}: {}", names.collect::<Vec<_>>().join(", "))
            }
            Self::Shape { name, found, expected } => {
                write!(f, "{name} has the shape {found:?}, the other tensors ask for {expected:?}")
            }
            Self::NumberType { name, found } => write!(f, "{name} is of {found}; read are F64, F32, F16 and BF16"),
            Self::NotFinite { name, index, value } => {
                write!(f, "{name}{index:?} is {value:?}; every weight must be a finite f32")
            }
            Self::Overflow { output } => write!(
                f,
                "in f32, output {output} is not finite for inputs from -1 to 1: the weights are too large; train with weight \
                decay or clipped gradients, or scale the weights down, and export the network again"
            ),
            Self::Node { operator, node, reason } => write!(f, "{operator} (node {node:?}) {reason}"),
            Self::Unsupported(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for ImportError {}
