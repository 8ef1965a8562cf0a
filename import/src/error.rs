use super::shown::{name as shown, names as listed, numbers};
use safetensors::SafeTensorError;
use std::fmt;

/// Reason why a file cannot be read as a network.
#[derive(Clone, Debug, PartialEq)]
pub enum ImportError {
    /// The file is not of this format, or is damaged.
    File {
        /// The format.
        format: &'static str,
        /// Description of the problem.
        reason: String,
    },
    /// Reading it takes more memory than it may.
    Limit {
        /// The bytes that it takes, as far as they are known.
        needs: u64,
        /// The bytes that it may take.
        limit: u64,
    },
    /// Reading it takes more memory than there is.
    Memory {
        /// The bytes that could not be allocated.
        needs: u64,
    },
    /// There is no tensor or layer with such a name.
    Missing(String),
    /// More than one module could be the one looked for.
    Several {
        /// Kind of module looked for.
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
        /// The problem with it.
        reason: String,
    },
    /// Something that is not supported.
    Unsupported(String),
}

impl ImportError {
    pub(crate) fn safetensors(error: SafeTensorError) -> Self {
        let reason = match error {
            SafeTensorError::HeaderTooSmall => {
                "it is shorter than the 8 bytes that say how long its header is".to_string()
            }
            SafeTensorError::HeaderTooLarge | SafeTensorError::InvalidHeaderLength => {
                "its header is longer than the file, or than the 100 MB that a header may have".to_string()
            }
            SafeTensorError::MetadataIncompleteBuffer => {
                "its tensors do not end where the file does; was it copied in full?".to_string()
            }
            other => shown(&other.to_string()),
        };
        Self::File { format: "safetensors", reason }
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { format, reason } => write!(f, "not a readable {format} file: {reason}"),
            Self::Limit { needs, limit } => write!(
                f,
                "reading it takes about {} MiB of memory and the limit is {} MiB; if the file is to be trusted, raise the \
                 limit (--limit)",
                mebibytes(*needs),
                mebibytes(*limit)
            ),
            Self::Memory { needs } => {
                write!(f, "reading it takes {} MiB of memory more, which this machine does not give", mebibytes(*needs))
            }
            Self::Missing(what) => write!(f, "there is no {what}"),
            Self::Several { what, names } => write!(f, "any of these could be the {what}: {}", listed(names)),
            Self::Shape { name, found, expected } => {
                let [name, found, expected] = [shown(name), numbers(found), numbers(expected)];
                write!(f, "{name} has the shape {found}; the other tensors ask for {expected}")
            }
            Self::NumberType { name, found } => write!(
                f,
                "{} has numbers of the type {found}; F64, F32, F16 and BF16 are read: save the network before it is \
                 quantised, or convert it with model.float()",
                shown(name)
            ),
            Self::NotFinite { name, index, value } => write!(
                f,
                "{}{} is {value:?}; every weight must be a finite f32, so save the network as it was before its training \
                 diverged",
                shown(name),
                numbers(index)
            ),
            Self::Node { operator, node, reason } => {
                write!(f, "{} (node \"{}\") {reason}", shown(operator), shown(node))
            }
            Self::Overflow { output } => write!(
                f,
                "in f32, output {output} is not finite for inputs from -1 to 1: the weights are too large; train with weight \
                decay or clipped gradients, or scale the weights down, and export the network again"
            ),
            Self::Unsupported(what) => f.write_str(what),
        }
    }
}

/// Whole mebibytes, rounded up.
fn mebibytes(bytes: u64) -> u64 {
    bytes.div_ceil(1 << 20)
}

impl std::error::Error for ImportError {}
