//! Detection of streaming exports, in which the initial states of layers are inputs of the graph.

use super::node::Node;
use super::proto;
use super::recurrent::{self, INITIAL};
use crate::{ImportError, shown};
use std::collections::{HashMap, HashSet};

/// Operators through which a state may pass from an input to a layer.
const MOVES: [&str; 11] = [
    "Cast",
    "Concat",
    "Expand",
    "Gather",
    "Identity",
    "Reshape",
    "Slice",
    "Split",
    "Squeeze",
    "Transpose",
    "Unsqueeze",
];

/// Returns an error if a layer starts from an input of the graph.
pub fn check(graph: &proto::Graph) -> Result<(), ImportError> {
    let mut origins = Origins::new(graph);
    for node in graph.node.iter().filter(|node| recurrent::is(Node(node))) {
        for (place, state) in INITIAL {
            let name = node.input.get(place).map_or("", String::as_str);
            if let Some(input) = origins.input(name) {
                return Err(Node(node).refuse(format!(
                    "starts from {state}, which the graph reads as its input \"{}\": this is a streaming export, \
                     with the state as input and output. Export the layer without a state, as rnn(x), so that it \
                     starts from zeros; on the device, Network::step carries the state from step to step",
                    shown::name(input)
                )));
            }
        }
    }
    Ok(())
}

/// Origins of the values of a graph.
struct Origins<'a> {
    inputs: HashSet<&'a str>,
    makers: HashMap<&'a str, &'a proto::Node>,
    /// Values already traced back; none of them comes from an input.
    seen: HashSet<&'a str>,
}

impl<'a> Origins<'a> {
    fn new(graph: &'a proto::Graph) -> Self {
        let stored: HashSet<_> = graph.initializer.iter().map(|tensor| tensor.name.as_str()).collect();
        let inputs =
            graph.input.iter().map(|input| input.name.as_str()).filter(|name| !stored.contains(name)).collect();
        let makers =
            graph.node.iter().flat_map(|node| node.output.iter().map(move |name| (name.as_str(), node))).collect();
        Self { inputs, makers, seen: HashSet::new() }
    }

    /// Returns the graph input from which a value comes, if it was only moved or reshaped on the way.
    fn input(&mut self, name: &'a str) -> Option<&'a str> {
        let mut open = vec![name];
        while let Some(name) = open.pop() {
            if self.inputs.contains(name) {
                return Some(name);
            }
            let maker = self.makers.get(name).filter(|_| self.seen.insert(name));
            let moved = maker.filter(|node| MOVES.contains(&node.op_type.as_str()));
            if let Some(node) = moved {
                let read = if node.op_type == "Concat" { node.input.len() } else { 1 };
                open.extend(node.input.iter().take(read).map(String::as_str));
            }
        }
        None
    }
}
