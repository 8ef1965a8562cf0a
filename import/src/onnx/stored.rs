use super::files::{Files, Open};
use super::node::Node;
use super::proto;
use super::room::Room;
use super::tensor::Tensor;
use crate::{ImportError, shown};
use std::collections::HashMap;

/// Tensors that no node has read yet, in the model or in files next to it.
pub struct Stored<'a> {
    tensors: HashMap<String, proto::Tensor>,
    files: Files<'a>,
    /// For each value, the number of nodes that have yet to read it.
    readers: HashMap<&'a str, usize>,
}

impl<'a> Stored<'a> {
    pub fn new(tensors: Vec<proto::Tensor>, nodes: &'a [proto::Node], open: Open<'a>) -> Self {
        let mut readers = HashMap::new();
        for name in nodes.iter().flat_map(|node| &node.input) {
            *readers.entry(name.as_str()).or_default() += 1;
        }
        let tensors = tensors.into_iter().map(|tensor| (tensor.name.clone(), tensor)).collect();
        Self { tensors, files: Files::new(open), readers }
    }

    pub fn contains(&self, name: &str) -> bool {
        self.tensors.contains_key(name)
    }

    /// Takes a tensor out of storage and returns its values.
    pub fn take(&mut self, node: Node<'_>, name: &str, room: &mut Room) -> Result<Tensor, ImportError> {
        let Some(stored) = self.tensors.remove(name) else {
            return Err(node.refuse(format!(
                "reads {}, which does not exist: no input, tensor or earlier node has this name; is the model \
                    damaged?",
                shown::name(name)
            )));
        };
        if !stored.is_external() {
            room.take(node, stored.numbers())?;
            return Tensor::read(name, &stored);
        }
        let bytes = self.files.bytes(name, &stored, room)?;
        room.take(node, bytes.len().div_ceil(stored.width()))?;
        Tensor::read_raw(name, &stored, bytes)
    }

    /// Records that a node has read the value; returns `true` if no other node has yet to read it.
    pub fn is_done_with(&mut self, name: &str) -> bool {
        let readers = self.readers.get_mut(name);
        readers.is_none_or(|readers| {
            *readers = readers.saturating_sub(1);
            *readers == 0
        })
    }

    /// Returns the names of tensors that no node has read.
    pub fn unread(self) -> Vec<String> {
        let mut names: Vec<_> = self.tensors.into_keys().collect();
        names.sort();
        names
    }
}
