use super::node::Node;
use super::room::Room;
use super::signal::{Content, Signal};
use super::tensor::Tensor;
use crate::ImportError;
use std::rc::Rc;

/// Information about a value in the graph.
#[derive(Clone, Debug)]
pub enum Value {
    /// Known values.
    Constant(Rc<Tensor>),
    /// Zeros, of any shape.
    Zeros,
    /// The value is computed from the graph's input.
    Signal(Signal),
    /// A value that may be moved but not used, such as a size of the input or a cell state.
    Other,
}

impl From<Tensor> for Value {
    fn from(tensor: Tensor) -> Self {
        Self::Constant(Rc::new(tensor))
    }
}

impl Value {
    /// Returns the number of values held.
    pub fn numbers(&self) -> usize {
        if let Self::Constant(tensor) = self { tensor.values.len() } else { 0 }
    }
}

/// A node with its inputs.
pub struct Call<'a> {
    pub node: Node<'a>,
    pub inputs: Vec<Option<Value>>,
    /// The memory that a result may take.
    pub room: Room,
}

impl Call<'_> {
    /// Returns the input at index `place`, if present.
    pub fn optional(&self, place: usize) -> Option<&Value> {
        self.inputs.get(place).and_then(Option::as_ref)
    }

    /// Returns the input at index `place`.
    pub fn value(&self, place: usize) -> Result<&Value, ImportError> {
        self.optional(place).ok_or_else(|| {
            self.node.refuse(format!("has no input {place}, which the operator needs; is the model damaged?"))
        })
    }

    /// Returns the tensor at input `place`, which must not depend on the graph's input.
    pub fn constant(&self, place: usize) -> Result<&Tensor, ImportError> {
        match self.value(place)? {
            Value::Constant(tensor) => Ok(tensor),
            _ => Err(self.node.refuse(format!(
                "has a computed input {place} ({}), which must be a constant: export with fixed sizes, and with \
                 constant folding (do_constant_folding=True)",
                self.node.input(place)
            ))),
        }
    }

    /// Returns the content of the input that is deepest in the network; `None` if no input is a signal.
    pub fn content(&self) -> Option<&Content> {
        let contents = self.inputs.iter().flatten().filter_map(|value| match value {
            Value::Signal(signal) => Some(&signal.content),
            _ => None,
        });
        contents.max_by_key(|content| content.depth())
    }

    /// Returns an error if a result of `numbers` elements would exceed the remaining memory.
    pub fn check(&self, numbers: usize) -> Result<(), ImportError> {
        let mut room = self.room;
        room.take(self.node, numbers)
    }

    /// Returns integers from the attribute or, in later versions of the operator, from the input at index `place`.
    pub fn integers(&self, place: usize, attribute: &str) -> Result<Option<Vec<i64>>, ImportError> {
        if let Some(attribute) = self.node.attribute(attribute) {
            return Ok(Some(attribute.ints.clone()));
        }
        self.optional(place).map(|_| Ok(self.constant(place)?.integers())).transpose()
    }
}
