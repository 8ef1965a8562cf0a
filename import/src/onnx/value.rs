use super::node::Node;
use super::room::Room;
use super::signal::{Content, Signal};
use super::tensor::Tensor;
use crate::ImportError;
use std::rc::Rc;

/// Knowledge of a value in the graph.
#[derive(Clone, Debug)]
pub enum Value {
    /// Its numbers.
    Constant(Rc<Tensor>),
    /// All its numbers are zero, whatever its size.
    Zeros,
    /// It is computed from the graph's input.
    Signal(Signal),
    /// It may be moved about, but has no use: sizes of the input, cell states.
    Other,
}

impl From<Tensor> for Value {
    fn from(tensor: Tensor) -> Self {
        Self::Constant(Rc::new(tensor))
    }
}

impl Value {
    /// Returns how many numbers it holds.
    pub fn numbers(&self) -> usize {
        if let Self::Constant(tensor) = self { tensor.values.len() } else { 0 }
    }
}

/// A node with what it reads.
pub struct Call<'a> {
    pub node: Node<'a>,
    pub inputs: Vec<Option<Value>>,
    /// The memory that a result may take.
    pub room: Room,
}

impl Call<'_> {
    /// The input at a place, if it is there.
    pub fn optional(&self, place: usize) -> Option<&Value> {
        self.inputs.get(place).and_then(Option::as_ref)
    }

    /// The input at a place.
    pub fn value(&self, place: usize) -> Result<&Value, ImportError> {
        self.optional(place).ok_or_else(|| {
            self.node.refuse(format!("has no input {place}, which the operator needs; is the model damaged?"))
        })
    }

    /// The numbers of the input at a place, which does not depend on what the graph reads.
    pub fn constant(&self, place: usize) -> Result<&Tensor, ImportError> {
        match self.value(place)? {
            Value::Constant(tensor) => Ok(tensor),
            _ => Err(self.node.refuse(format!(
                "computes its input {place} ({}); it must be a constant: export with fixed sizes, and with constant folding \
                 (do_constant_folding=True)",
                self.node.input(place)
            ))),
        }
    }

    /// The part of the network that comes last among what it reads.
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

    /// Integers: of the attribute, or of the input in its place since later versions of the operator.
    pub fn integers(&self, place: usize, attribute: &str) -> Result<Option<Vec<i64>>, ImportError> {
        if let Some(attribute) = self.node.attribute(attribute) {
            return Ok(Some(attribute.ints.clone()));
        }
        self.optional(place).map(|_| Ok(self.constant(place)?.integers())).transpose()
    }
}
