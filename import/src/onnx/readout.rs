//! Linear layer, given as Gemm or as MatMul and Add.

use super::signal::{Axis, Content, Dimension, Signal};
use super::value::{Call, Value};
use crate::{ImportError, shown};
use elman_model::{Layer, Matrix};

/// Reason for refusing a second linear layer.
pub const SECOND: &str = "is a second linear layer, but only one is supported; train with one linear layer";

/// Weights of the linear layer, and its biases once they are known.
pub struct Readout {
    pub weights: Matrix,
    pub biases: Option<Vec<f64>>,
}

/// Returns the weights and biases of a Gemm, `Y = A B + C`.
pub fn gemm(call: &Call<'_>) -> Result<Readout, ImportError> {
    let node = call.node;
    if node.float("alpha", 1.0) != 1.0 || node.float("beta", 1.0) != 1.0 || node.integer("transA", 0) != 0 {
        return Err(node.refuse("scales or transposes its input (alpha, beta, transA); a linear layer does neither"));
    }
    let weights = weights(call, node.integer("transB", 0) != 0)?;
    let none = || Ok(vec![0.0; weights.rows()]);
    let biases = call.optional(2).map_or_else(none, |_| biases(call, 2, weights.rows()))?;
    Ok(Readout { weights, biases: Some(biases) })
}

/// Returns the weights of a MatMul, `Y = A B`.
pub fn mat_mul(call: &Call<'_>) -> Result<Readout, ImportError> {
    Ok(Readout { weights: weights(call, false)?, biases: None })
}

/// Returns a bias vector for `outputs` outputs.
pub fn biases(call: &Call<'_>, place: usize, outputs: usize) -> Result<Vec<f64>, ImportError> {
    let tensor = call.constant(place)?;
    if tensor.values.len() == outputs && tensor.shape.last() == Some(&outputs) {
        return Ok(tensor.values.clone());
    }
    Err(call.node.refuse(format!(
        "has biases of shape {} for {outputs} outputs; a linear layer has one bias for each output",
        shown::numbers(&tensor.shape)
    )))
}

/// Returns the weights with a row for each output. The tensor has a column for each output unless `rows`
/// (`transB`) is set.
fn weights(call: &Call<'_>, rows: bool) -> Result<Matrix, ImportError> {
    let tensor = call.constant(1)?;
    let tensor = match tensor.shape.as_slice() {
        [a, b] if *a > 0 && *b > 0 => {
            if rows {
                tensor.clone()
            } else {
                tensor.transposed(&[1, 0])
            }
        }
        shape => {
            return Err(call.node.refuse(format!(
                "has weights of shape {}; the weights of a linear layer are a matrix",
                shown::numbers(shape)
            )));
        }
    };
    Ok(Matrix { columns: tensor.shape[1], values: tensor.values })
}

/// Checks that the read-out reads all outputs or all final states of the highest of `layers`. Returns the input's
/// content with the dimensions of the read-out's output.
pub fn reads(call: &Call<'_>, layers: &[Layer], readout: &Readout) -> Result<Signal, ImportError> {
    let node = call.node;
    let Value::Signal(signal) = call.value(0)? else {
        return Err(node.refuse(
            "reads nothing that depends on the graph's input; the linear layer must read the recurrent \
                layers",
        ));
    };
    let whole = |states: &Vec<super::signal::State>| {
        let top = layers.len().wrapping_sub(1);
        let directions = layers.last().map_or(0, |layer| layer.directions.len());
        states.len() == directions && states.iter().enumerate().all(|(n, s)| (s.layer, s.direction) == (top, n))
    };
    let reason = match &signal.content {
        Content::Steps { layers: n } | Content::LastStep { layers: n } if *n == layers.len() => None,
        Content::States(states) if whole(states) => None,
        Content::States(_) => Some(
            "reads states other than the final states of the highest layer, forward then backward; use h[-1], or \
                  torch.cat([h[-2], h[-1]], -1) of a bidirectional layer",
        ),
        Content::Steps { .. } | Content::LastStep { .. } => {
            Some("reads a layer other than the highest; only the output of the last layer can be read")
        }
        Content::Input | Content::Embedded => Some(
            "comes before any recurrent operator. If the exporter has unrolled an nn.RNN into single steps, \
             torch.onnx.export(..., dynamo=False) keeps it whole; if it is an nn.RNNCell, nn.GRUCell or nn.LSTMCell, use the layer \
             of the same name, such as nn.GRU; if it is a linear layer below the recurrent ones, train without it",
        ),
        Content::Product | Content::Readout => Some(SECOND),
    };
    if let Some(reason) = reason {
        return Err(node.refuse(reason));
    }
    let axes = signal.axes();
    let features = signal.dimensions.last().copied().filter(|d| d.axis == Axis::Features);
    if features.is_none_or(|d| !d.may_be(readout.weights.columns)) || axes.contains(&Axis::Directions) {
        let inputs = readout.weights.columns;
        let below = features.and_then(|d| d.length).map_or_else(String::new, |n| format!(" ({n})"));
        return Err(node.refuse(format!(
            "has weights for {inputs} inputs, which does not match the layer below{below}; the linear layer must \
             read all outputs of the highest layer"
        )));
    }
    let mut dimensions = signal.dimensions.clone();
    if let Some(last) = dimensions.last_mut() {
        *last = Dimension { axis: Axis::Features, length: Some(readout.weights.rows()) };
    }
    Ok(Signal { content: signal.content.clone(), dimensions })
}
