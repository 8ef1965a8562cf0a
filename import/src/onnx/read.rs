use super::beside::alone;
use super::files::Open;
use super::graph::Graph;
use super::room::Room;
use super::stored::Stored;
use super::{proto, size, streaming};
use crate::{Import, ImportError, shown};
use elman_files::source::LIMIT;
use prost::Message;

/// Reads a model that is stored in one file, using at most [`LIMIT`] bytes of memory.
///
/// # Errors
/// [`ImportError`] if something is missing or not supported; [`ImportError::Node`] names the operator and the node.
pub fn read(bytes: &[u8]) -> Result<Import, ImportError> {
    read_beside(bytes, &alone, LIMIT)
}

/// Same as [`read`], but also reads tensors from files next to the model, where PyTorch's newer exporter puts
/// them. `open` reads a file by name, up to a maximum size in bytes, and is called only with relative paths
/// without `..`; [`beside`](super::beside) returns such a function. Reading takes at most `limit` bytes of
/// memory, including the files. If `bytes` is passed by value, it is freed as soon as it is decoded.
///
/// # Errors
/// Same as [`read`], or if a file next to the model cannot be read.
pub fn read_beside(bytes: impl AsRef<[u8]>, open: Open<'_>, limit: u64) -> Result<Import, ImportError> {
    let damaged = |reason: String| ImportError::File { format: "ONNX", reason };
    let (length, decoded) = (bytes.as_ref().len(), size::decoded(bytes.as_ref()).map_err(damaged)?);
    let room = Room::new(length, decoded, limit)?;
    let model = proto::Model::decode(bytes.as_ref()).map_err(|error| damaged(shown::name(&error.to_string())))?;
    drop(bytes);
    let mut graph = model.graph.ok_or_else(|| damaged("it contains no graph".to_string()))?;
    if model.opset_import.is_empty() {
        return Err(damaged("it does not state the version of its operators".to_string()));
    }
    streaming::check(&graph)?;
    let tensors = std::mem::take(&mut graph.initializer);
    let mut understood = Graph::new(&graph, Stored::new(tensors, &graph.node, open), room);
    graph.node.iter().try_for_each(|node| understood.run(node))?;
    let answers = graph.output.iter().find_map(|output| understood.answers(&output.name));
    let (model, extra) = understood.finish()?;
    if answers.is_none() {
        let what = "graph output that comes from the linear layer; let forward() return the output of the linear \
            layer";
        return Err(ImportError::Missing(what.to_string()));
    }
    Import::new(model, extra, answers)
}
