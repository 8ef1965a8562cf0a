use super::node::Node;
use super::signal::Signal;
use super::tensor::Tensor;
use crate::import::ImportError;
use std::rc::Rc;

/// What is known of a value in the graph.
#[derive(Clone, Debug)]
pub enum Value {
    /// Its numbers.
    Constant(Rc<Tensor>),
    /// It is zero, however large.
    Zeros,
    /// It is computed from the graph's input.
    Signal(Signal),
    /// It may be moved about, but is of no use: sizes that the input has, cell states.
    Other,
}

impl From<Tensor> for Value {
    fn from(tensor: Tensor) -> Self {
        Self::Constant(Rc::new(tensor))
    }
}

/// A node with what it reads.
pub struct Call<'a> {
    pub node: Node<'a>,
    pub inputs: Vec<Option<Value>>,
    /// How many numbers a result may have: as many as a file of this length can call for.
    pub room: usize,
}

impl Call<'_> {
    /// The input at a place, if it is there.
    pub fn optional(&self, place: usize) -> Option<&Value> {
        self.inputs.get(place).and_then(Option::as_ref)
    }

    /// The input at a place.
    pub fn value(&self, place: usize) -> Result<&Value, ImportError> {
        self.optional(place).ok_or_else(|| self.node.refuse(format!("has no input {place}")))
    }

    /// The numbers of the input at a place, which does not depend on what the graph reads.
    pub fn constant(&self, place: usize) -> Result<&Tensor, ImportError> {
        match self.value(place)? {
            Value::Constant(tensor) => Ok(tensor),
            _ => Err(self.node.refuse(format!("computes its input {place}; it must be a constant"))),
        }
    }

    /// Integers: of the attribute, or of the input in its place since later versions of the operator.
    pub fn integers(&self, place: usize, attribute: &str) -> Result<Option<Vec<i64>>, ImportError> {
        if let Some(attribute) = self.node.attribute(attribute) {
            return Ok(Some(attribute.ints.clone()));
        }
        self.optional(place).map(|_| Ok(self.constant(place)?.integers())).transpose()
    }
}
