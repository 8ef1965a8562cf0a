use super::graph::Graph;
use super::proto;
use crate::import::{Import, ImportError};
use prost::Message;
use std::io::{self, ErrorKind};

/// Reads a model in one file.
///
/// # Errors
/// [`ImportError`] that says what is missing or not understood; [`ImportError::Node`] names the operator and the node.
pub fn read(bytes: &[u8]) -> Result<Import, ImportError> {
    read_beside(bytes, &|_| Err(ErrorKind::Unsupported.into()))
}

/// As [`read`], with tensors in files beside the model, as PyTorch's newer exporter puts them: `open` reads the file of a name
/// from there. It is never asked for a path.
///
/// # Errors
/// As [`read`], and if such a file cannot be read.
pub fn read_beside(bytes: &[u8], open: &dyn Fn(&str) -> io::Result<Vec<u8>>) -> Result<Import, ImportError> {
    let damaged = |reason: String| ImportError::File { format: "ONNX", reason };
    let model = proto::Model::decode(bytes).map_err(|error| damaged(error.to_string()))?;
    let graph = model.graph.ok_or_else(|| damaged("there is no graph in it".to_string()))?;
    if model.opset_import.is_empty() {
        return Err(damaged("it does not say which version of the operators it uses".to_string()));
    }
    let mut understood = Graph::new(&graph, bytes.len(), open);
    graph.node.iter().try_for_each(|node| understood.run(node))?;
    let answers = graph.output.iter().find_map(|output| understood.answers(&output.name));
    let (model, extra) = understood.finish()?;
    if answers.is_none() {
        return Err(ImportError::Missing("output of the graph that is the linear layer's".to_string()));
    }
    Import::new(model, extra, answers)
}
