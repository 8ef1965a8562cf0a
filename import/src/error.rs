use super::shown::{name as shown, names as listed, numbers};
use safetensors::SafeTensorError;
use std::fmt;

/// Reason why a file cannot be read as a network.
#[derive(Clone, Debug, PartialEq)]
pub enum ImportError {
    /// The file is damaged or has another format.
    File {
        /// The format expected.
        format: &'static str,
        /// Description of the problem.
        reason: String,
    },
    /// Reading the file takes more memory than allowed.
    Limit {
        /// Number of bytes needed, as far as known.
        needs: u64,
        /// Number of bytes allowed.
        limit: u64,
    },
    /// Reading the file takes more memory than available.
    Memory {
        /// Number of bytes that could not be allocated.
        needs: u64,
    },
    /// The file lacks this tensor, layer or output.
    Missing(String),
    /// Several modules could play the same role.
    Several {
        /// Kind of module, such as "linear layer".
        what: &'static str,
        /// Names of the modules.
        names: Vec<String>,
    },
    /// The shape of a tensor does not match the other tensors.
    Shape {
        /// Name of the tensor in the file.
        name: String,
        /// Shape found.
        found: Vec<usize>,
        /// Shape required.
        expected: Vec<usize>,
    },
    /// The elements of a tensor have an unsupported type.
    NumberType {
        /// Name of the tensor in the file.
        name: String,
        /// Type found.
        found: String,
    },
    /// A tensor has an element that is infinite, not a number, or too large for `f32`.
    NotFinite {
        /// Name of the tensor in the file.
        name: String,
        /// Index of the element along each dimension.
        index: Vec<usize>,
        /// Value of the element.
        value: f64,
    },
    /// An output is NaN or infinite in `f32` when the network reads its probe (inputs from −1 to 1, or tokens).
    Overflow {
        /// Index of the first such output.
        output: usize,
    },
    /// A node of the graph cannot be imported.
    Node {
        /// Operator of the node.
        operator: String,
        /// Name of the node, or of its first output.
        node: String,
        /// Description of the problem.
        reason: String,
    },
    /// The network has a feature that is not supported.
    Unsupported(String),
}

impl ImportError {
    pub(crate) fn safetensors(error: SafeTensorError) -> Self {
        let reason = match error {
            SafeTensorError::HeaderTooSmall => {
                "it is shorter than the 8 bytes that hold the length of its header".to_string()
            }
            SafeTensorError::HeaderTooLarge | SafeTensorError::InvalidHeaderLength => {
                "its header is longer than the file, or than the 100 MB allowed".to_string()
            }
            SafeTensorError::MetadataIncompleteBuffer => {
                "its tensors do not end at the end of the file; was it copied in full?".to_string()
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
                "reading it takes about {} MiB of memory, but the limit is {} MiB; if you trust the file, raise the \
                 limit (--limit)",
                mebibytes(*needs),
                mebibytes(*limit)
            ),
            Self::Memory { needs } => {
                write!(
                    f,
                    "reading it takes another {} MiB of memory, which this machine does not have",
                    mebibytes(*needs)
                )
            }
            Self::Missing(what) => write!(f, "there is no {what}"),
            Self::Several { what, names } => write!(f, "any of these could be the {what}: {}", listed(names)),
            Self::Shape { name, found, expected } => {
                let [name, found, expected] = [shown(name), numbers(found), numbers(expected)];
                write!(f, "{name} has the shape {found}; the other tensors require {expected}")
            }
            Self::NumberType { name, found } => write!(
                f,
                "{} is of type {found}; only F64, F32, F16 and BF16 are supported: save the network before it is \
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

/// Converts bytes to mebibytes, rounded up.
fn mebibytes(bytes: u64) -> u64 {
    bytes.div_ceil(1 << 20)
}

impl std::error::Error for ImportError {}
