//! Interpretation of the graph, node by node.

use super::movement;
use super::node::Node;
use super::proto;
use super::readout::{self, Readout};
use super::recurrent;
use super::room::Room;
use super::signal::{Axis, Content, Dimension, Signal, State};
use super::stored::Stored;
use super::tensor::RANK;
use super::unknown;
use super::value::{Call, Value};
use crate::{Answers, ImportError, memory, shown};
use elman_model::{Layer, Matrix, Model};
use std::collections::HashMap;

/// Network read from the nodes that have been interpreted so far.
pub struct Graph<'a> {
    stored: Stored<'a>,
    values: HashMap<&'a str, Value>,
    room: Room,
    embedding: Option<Matrix>,
    layers: Vec<Layer>,
    readout: Option<Readout>,
    /// True if the read-out reads final states rather than outputs.
    reads_states: bool,
}

impl<'a> Graph<'a> {
    /// Creates a graph in which no node has been interpreted yet.
    pub fn new(graph: &'a proto::Graph, stored: Stored<'a>, room: Room) -> Self {
        let mut values = HashMap::new();
        for input in graph.input.iter().filter(|input| !stored.contains(&input.name)) {
            values.insert(input.name.as_str(), Value::Signal(signal(input)));
        }
        Self { stored, values, room, embedding: None, layers: Vec::new(), readout: None, reads_states: false }
    }

    /// Interprets one more node.
    pub fn run(&mut self, node: &'a proto::Node) -> Result<(), ImportError> {
        let inputs = node.input.iter().map(|name| self.value(node, name)).collect::<Result<_, _>>()?;
        let call = Call { node: Node(node), inputs, room: self.room };
        // Most results are as large as the node's inputs.
        let read: usize = call.inputs.iter().flatten().map(Value::numbers).sum();
        memory::reserve(2 * (read * size_of::<f64>()) as u64)?;
        let results = self.results(&call)?;
        for (name, value) in node.output.iter().zip(results).filter(|(name, _)| !name.is_empty()) {
            self.room.take(call.node, value.numbers())?;
            self.values.insert(name, value);
        }
        for name in &node.input {
            let done = self.stored.is_done_with(name);
            if done && matches!(self.values.get(name.as_str()), Some(Value::Constant(_))) {
                self.values.remove(name.as_str());
            }
        }
        Ok(())
    }

    /// Returns the network and the tensors that are not part of it.
    pub fn finish(self) -> Result<(Model, Vec<String>), ImportError> {
        if self.layers.is_empty() {
            return Err(ImportError::Missing(
                "RNN, GRU or LSTM operator in the graph; export with torch.onnx.export(..., dynamo=False) to keep an nn.RNN, \
                 nn.GRU or nn.LSTM whole"
                    .to_string(),
            ));
        }
        let readout = self.readout.ok_or_else(|| {
            let what = "linear layer (Gemm, or MatMul and Add) that reads the recurrent layers; the network must end \
                        with an nn.Linear";
            ImportError::Missing(what.to_string())
        })?;
        let Readout { weights: head, biases } = readout;
        let head_bias = biases.unwrap_or_else(|| vec![0.0; head.rows()]);
        Ok((Model { embedding: self.embedding, layers: self.layers, head, head_bias }, self.stored.unread()))
    }

    /// Returns the step at which a value is computed, if the value is the complete read-out, including any biases.
    pub fn answers(&self, name: &str) -> Option<Answers> {
        let (Value::Signal(signal), Some(readout)) = (self.values.get(name)?, &self.readout) else { return None };
        let whole = match signal.content {
            Content::Readout => true,
            Content::Product => readout.biases.is_none(),
            _ => false,
        };
        let both = self.layers.last().is_some_and(|layer| layer.directions.len() == 2);
        let answers = if signal.axes().contains(&Axis::Time) {
            Answers::EachStep
        } else if both && !self.reads_states {
            Answers::LastStep
        } else {
            Answers::End
        };
        whole.then_some(answers)
    }

    fn value(&mut self, node: &'a proto::Node, name: &'a str) -> Result<Option<Value>, ImportError> {
        if name.is_empty() {
            return Ok(None);
        }
        if let Some(value) = self.values.get(name) {
            return Ok(Some(value.clone()));
        }
        let value = Value::from(self.stored.take(Node(node), name, &mut self.room)?);
        self.values.insert(name, value.clone());
        Ok(Some(value))
    }

    fn results(&mut self, call: &Call<'_>) -> Result<Vec<Value>, ImportError> {
        if !matches!(call.node.0.domain.as_str(), "" | "ai.onnx") {
            return Err(call.node.refuse(
                "is not one of ONNX's own operators; export the model itself, before onnxruntime or another tool optimises or \
                 quantises it",
            ));
        }
        let one = match call.node.operator() {
            "RNN" | "GRU" | "LSTM" => return self.recurrent(call),
            "Gemm" => self.read_out(call, readout::gemm(call)?, Content::Readout),
            "MatMul" => self.read_out(call, readout::mat_mul(call)?, Content::Product),
            "Add" => self.add(call),
            "Gather" if self.is_embedding(call) => self.embed(call),
            "Gather" => movement::gather(call),
            "Constant" => movement::constant(call),
            "Identity" => movement::identity(call),
            "Cast" => cast(call),
            "Transpose" => movement::transpose(call),
            "Reshape" => movement::reshape(call),
            "Squeeze" => movement::squeeze(call),
            "Unsqueeze" => movement::unsqueeze(call),
            "Slice" => movement::slice(call),
            "Concat" => movement::concat(call),
            "Shape" => call.value(0).map(|_| Value::Other),
            "ConstantOfShape" => movement::constant_of_shape(call),
            "Expand" => movement::expand(call),
            _ => Err(unknown::operator(call)),
        };
        Ok(vec![one?])
    }

    /// Adds a recurrent layer; returns its outputs at every step, its final states h, and its final states c.
    fn recurrent(&mut self, call: &Call<'_>) -> Result<Vec<Value>, ImportError> {
        let layer = recurrent::layer(call)?;
        let Value::Signal(below) = call.value(0)? else {
            return Err(call.node.refuse("reads nothing that depends on the graph's input; is the model damaged?"));
        };
        let [steps, sequences, features] = below.dimensions.as_slice() else {
            return Err(call.node.refuse(format!(
                "reads {} dimensions, but must read 3: steps, sequences, features; export with an input of that shape",
                below.dimensions.len()
            )));
        };
        let follows = match &below.content {
            Content::Input => self.layers.is_empty(),
            Content::Embedded => self.layers.is_empty() && features.axis == Axis::Features,
            Content::Steps { layers } => {
                let axes = [steps.axis, sequences.axis, features.axis];
                *layers == self.layers.len() && axes == [Axis::Time, Axis::Batch, Axis::Features]
            }
            _ => false,
        };
        if !follows {
            return Err(call.node.refuse(
                "does not read the steps of the graph's input or of the highest layer before it; each layer \
                     must read the one below it directly",
            ));
        }
        if !features.may_be(layer.inputs()) {
            let found = features.length.unwrap_or_default();
            return Err(call.node.refuse(format!(
                "has weights for {} inputs, but reads {found}; is the model damaged?",
                layer.inputs()
            )));
        }
        check_lengths(call, steps.length)?;
        let along = |axis, length| Dimension { axis, length };
        let (time, batch) = (along(Axis::Time, steps.length), along(Axis::Batch, sequences.length));
        let directions = along(Axis::Directions, Some(layer.directions.len()));
        let units = along(Axis::Features, Some(layer.units()));
        let states = (0..layer.directions.len()).map(|direction| State { layer: self.layers.len(), direction });
        let states = Signal { content: Content::States(states.collect()), dimensions: vec![directions, batch, units] };
        self.room.take(call.node, layer.directions.iter().map(|d| d.w_ih.count() + d.w_hh.count()).sum())?;
        self.layers.push(layer);
        let content = Content::Steps { layers: self.layers.len() };
        let outputs = Signal { content, dimensions: vec![time, directions, batch, units] };
        Ok(vec![Value::Signal(outputs), Value::Signal(states), Value::Other])
    }

    /// Adds the linear layer. If `content` is a `Product`, its biases can be added later.
    fn read_out(&mut self, call: &Call<'_>, readout: Readout, content: Content) -> Result<Value, ImportError> {
        let Signal { content: below, dimensions } = readout::reads(call, &self.layers, &readout)?;
        if self.readout.is_some() {
            return Err(call.node.refuse(readout::SECOND));
        }
        self.readout = Some(readout);
        self.reads_states = matches!(below, Content::States(_));
        Ok(Value::Signal(Signal { content, dimensions }))
    }

    /// Adds the biases of the linear layer, which may be either operand of an Add.
    fn add(&mut self, call: &Call<'_>) -> Result<Value, ImportError> {
        let product = |place: usize| match call.value(place) {
            Ok(Value::Signal(signal)) if signal.content == Content::Product => Some((signal.clone(), 1 - place)),
            _ => None,
        };
        let found = product(0).or_else(|| product(1)).zip(self.readout.as_mut());
        let Some(((signal, other), readout)) = found else {
            return Err(call.node.refuse(match call.content() {
                Some(Content::Readout) => unknown::after("Add"),
                _ => "adds something other than the biases of the linear layer; skip connections and sums of layers \
                      are not supported: train without them"
                    .to_string(),
            }));
        };
        if readout.biases.is_some() {
            return Err(call.node.refuse("adds biases a second time; a linear layer has one bias for each output"));
        }
        readout.biases = Some(readout::biases(call, other, readout.weights.rows())?);
        Ok(Value::Signal(Signal { content: Content::Readout, ..signal }))
    }

    /// Returns `true` if the indices of a Gather are computed from the graph's input.
    fn is_embedding(&self, call: &Call<'_>) -> bool {
        matches!(call.optional(1), Some(Value::Signal(_)))
    }

    fn embed(&mut self, call: &Call<'_>) -> Result<Value, ImportError> {
        let table = call.constant(0)?;
        let (&[symbols, columns], 0) = (table.shape.as_slice(), call.node.integer("axis", 0)) else {
            return Err(call.node.refuse(format!(
                "looks up rows in a table of shape {}; an embedding is a matrix with a row for each symbol",
                shown::numbers(&table.shape)
            )));
        };
        let signal = match call.value(1)? {
            Value::Signal(signal) if signal.content == Content::Input && symbols > 0 && columns > 0 => signal,
            _ => {
                return Err(call.node.refuse(
                    "does not look up rows by the graph's input; an embedding must be the first operation on the \
                        input",
                ));
            }
        };
        if self.embedding.is_some() || !self.layers.is_empty() {
            return Err(call
                .node
                .refuse("is a second embedding; only one is supported, below the recurrent layers: train with one"));
        }
        self.embedding = Some(Matrix { columns, values: table.values.clone() });
        let features = Dimension { axis: Axis::Features, length: Some(columns) };
        let dimensions = signal.dimensions.iter().copied().chain([features]).collect();
        Ok(Value::Signal(Signal { content: Content::Embedded, dimensions }))
    }
}

/// Returns the graph's input as a signal, without dimensions if the graph states none or too many.
fn signal(input: &proto::ValueInfo) -> Signal {
    let shape = input.r#type.as_ref().and_then(|t| t.tensor_type.as_ref()).and_then(|t| t.shape.as_ref());
    let length = |dimension: &proto::Dimension| usize::try_from(dimension.dim_value).ok().filter(|&n| n > 0);
    let along = |dimension| Dimension { axis: Axis::Unread, length: length(dimension) };
    let dimensions = shape
        .filter(|shape| shape.dim.len() <= RANK)
        .map_or_else(Vec::new, |shape| shape.dim.iter().map(along).collect());
    Signal { content: Content::Input, dimensions }
}

/// Returns the value unchanged, or an error if it is computed by the network.
fn cast(call: &Call<'_>) -> Result<Value, ImportError> {
    match call.value(0)? {
        Value::Signal(signal) if signal.content != Content::Input => Err(call
            .node
            .refuse("changes the number type of computed values; export the model in one type, after model.float()")),
        value => Ok(value.clone()),
    }
}

/// Returns an error if `sequence_lens` leaves out steps: every step of the only sequence must be read.
fn check_lengths(call: &Call<'_>, steps: Option<usize>) -> Result<(), ImportError> {
    const SEQUENCE_LENS: usize = 4;
    match call.optional(SEQUENCE_LENS) {
        Some(Value::Constant(lengths)) if steps.is_none_or(|n| lengths.integers().iter().any(|&l| l != n as i64)) => {
            Err(call.node.refuse(format!(
                "reads only the steps given by sequence_lens, {}; export for one sequence whose steps are all read",
                shown::numbers(&lengths.integers())
            )))
        }
        _ => Ok(()),
    }
}
