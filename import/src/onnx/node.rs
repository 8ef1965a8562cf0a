use super::proto::{self, Attribute};
use crate::{ImportError, shown};

/// A node of the graph, and the errors that name it.
#[derive(Clone, Copy)]
pub struct Node<'a>(pub &'a proto::Node);

impl<'a> Node<'a> {
    pub fn operator(self) -> &'a str {
        &self.0.op_type
    }

    pub fn attribute(self, name: &str) -> Option<&'a Attribute> {
        self.0.attribute.iter().find(|attribute| attribute.name == name)
    }

    /// Returns an integer attribute, or `default` if there is none.
    pub fn integer(self, name: &str, default: i64) -> i64 {
        self.attribute(name).map_or(default, |attribute| attribute.i)
    }

    /// Returns a float attribute, or `default` if there is none.
    pub fn float(self, name: &str, default: f32) -> f32 {
        self.attribute(name).map_or(default, |attribute| attribute.f)
    }

    /// Returns the name of an input, formatted for messages.
    pub fn input(self, place: usize) -> String {
        shown::name(self.0.input.get(place).map_or("", String::as_str))
    }

    /// Returns an error that names the node and gives the reason.
    pub fn refuse(self, reason: impl Into<String>) -> ImportError {
        let unnamed = || self.0.output.first().cloned().unwrap_or_default();
        let node = if self.0.name.is_empty() { unnamed() } else { self.0.name.clone() };
        let operator = match self.0.domain.as_str() {
            "" | "ai.onnx" => self.0.op_type.clone(),
            domain => format!("{domain}.{}", self.0.op_type),
        };
        ImportError::Node { operator, node, reason: reason.into() }
    }
}
