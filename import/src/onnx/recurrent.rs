//! The operators RNN, GRU and LSTM. W is [directions, gates · H, I], R is [directions, gates · H, H], B is
//! [directions, 2 · gates · H].

use super::node::Node;
use super::tensor::Tensor;
use super::value::{Call, Value};
use crate::{ImportError, shown};
use elman_model::{Direction, Kind, Layer, Matrix, Nonlinearity, Reset, merged};

/// Indices of the operators' inputs.
const W: usize = 1;
const R: usize = 2;
const B: usize = 3;
pub const INITIAL: [(usize, &str); 2] = [(5, "initial_h"), (6, "initial_c")];
const PEEPHOLES: usize = 7;

/// Supported attributes.
const ATTRIBUTES: [&str; 7] =
    ["activations", "clip", "direction", "hidden_size", "input_forget", "layout", "linear_before_reset"];

/// Returns `true` for a node that is a recurrent layer.
pub fn is(node: Node<'_>) -> bool {
    matches!(node.operator(), "RNN" | "GRU" | "LSTM")
}

/// Converts a node to a layer.
pub fn layer(call: &Call<'_>) -> Result<Layer, ImportError> {
    let node = call.node;
    check_attributes(node)?;
    check_start(call)?;
    let directions = directions(node)?;
    let kind = kind(node, directions)?;
    let (w, r) = (call.constant(W)?, call.constant(R)?);
    let (&[_, _, inputs], &[_, _, units]) = (w.shape.as_slice(), r.shape.as_slice()) else {
        return Err(node.refuse(format!(
            "has weights of shapes {} and {}; weights must have three dimensions: directions, rows of the gates, \
                inputs or units",
            shown::numbers(&w.shape),
            shown::numbers(&r.shape)
        )));
    };
    let rows = kind.gates().saturating_mul(units);
    let hidden = node.integer("hidden_size", units as i64);
    if inputs == 0 || units == 0 || hidden != units as i64 {
        return Err(node.refuse(format!(
            "has hidden_size {hidden}, but weights for {units} units with {inputs} inputs; is the model damaged?"
        )));
    }
    check_shape(node, "W", w, &[directions, rows, inputs])?;
    check_shape(node, "R", r, &[directions, rows, units])?;
    let b = call.optional(B).map(|_| call.constant(B)).transpose()?;
    if let Some(b) = b {
        check_shape(node, "B", b, &[directions, 2 * rows])?;
    }
    // The part of direction `n` in a tensor with `columns` numbers in a row.
    let part = |tensor: &'_ Tensor, n: usize, columns: usize| {
        gates(kind, &tensor.values[n * rows * columns..(n + 1) * rows * columns])
    };
    let direction = |n: usize| Direction {
        w_ih: Matrix { columns: inputs, values: part(w, n, inputs) }.into(),
        w_hh: Matrix { columns: units, values: part(r, n, units) }.into(),
        biases: b.map_or_else(Vec::new, |b| fitting(kind, vec![part(b, 2 * n, 1), part(b, 2 * n + 1, 1)])),
        scalars: Vec::new(),
    };
    Ok(Layer { kind, directions: (0..directions).map(direction).collect() })
}

/// Reorders the rows of the gates, from ONNX's i, o, f, c to our i, f, g, o and from z, r, h to our r, z, n.
fn gates(kind: Kind, values: &[f64]) -> Vec<f64> {
    let order: &[usize] = match kind {
        Kind::Rnn(_) => &[0],
        Kind::Mgu | Kind::FastGrnn => &[0, 1],
        Kind::Gru(_) => &[1, 0, 2],
        Kind::Lstm => &[0, 2, 3, 1],
    };
    let length = values.len() / order.len();
    order.iter().flat_map(|&gate| values[gate * length..(gate + 1) * length].iter().copied()).collect()
}

/// Merges the two bias vectors if the kind has only one, as is the case for a GRU that resets before the product.
fn fitting(kind: Kind, biases: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    match biases.as_slice() {
        [input, state] if kind.biases() == 1 => vec![merged(input, state)],
        _ => biases,
    }
}

fn check_shape(node: Node<'_>, name: &str, tensor: &Tensor, expected: &[usize]) -> Result<(), ImportError> {
    if tensor.shape == expected {
        return Ok(());
    }
    Err(node.refuse(format!("has {name} of shape {}; it must be {expected:?}", shown::numbers(&tensor.shape))))
}

fn check_attributes(node: Node<'_>) -> Result<(), ImportError> {
    let unknown = node.0.attribute.iter().find(|attribute| !ATTRIBUTES.contains(&attribute.name.as_str()));
    if let Some(attribute) = unknown {
        return Err(node.refuse(format!(
            "has the attribute {}, which is not supported; export without it",
            shown::name(&attribute.name)
        )));
    }
    let refused = [
        (
            "layout",
            "has layout 1 (sequences outermost); only layout 0 is supported: export with a Transpose, as PyTorch \
                does for batch_first=True",
        ),
        ("input_forget", "couples the input and forget gates (input_forget), which is not supported; train without it"),
    ];
    if let Some((_, reason)) = refused.into_iter().find(|(name, _)| node.integer(name, 0) != 0) {
        return Err(node.refuse(reason));
    }
    if node.attribute("clip").is_some() {
        return Err(node.refuse("clips the input of its gates (clip), which is not supported; train without it"));
    }
    Ok(())
}

/// Checks that the layer starts from a state of zeros and has no peepholes.
fn check_start(call: &Call<'_>) -> Result<(), ImportError> {
    if call.optional(PEEPHOLES).is_some() {
        return Err(call.node.refuse("has peepholes (P), which are not supported; train without them"));
    }
    for (place, name) in INITIAL {
        let reason = match call.optional(place) {
            None | Some(Value::Zeros) => continue,
            Some(Value::Constant(tensor)) if tensor.is_zero() => continue,
            Some(Value::Constant(_)) => {
                "a constant that is not zero: a learned initial state, which an image cannot hold; \
                                         train with an initial state of zeros"
            }
            Some(_) => {
                "computed by the graph, as in the decoder of an encoder–decoder; only layers with an initial state \
                        of zeros are supported"
            }
        };
        return Err(call.node.refuse(format!("starts from {name} ({}), {reason}", call.node.input(place))));
    }
    Ok(())
}

fn directions(node: Node<'_>) -> Result<usize, ImportError> {
    match node.attribute("direction").map_or(&b"forward"[..], |attribute| &attribute.s) {
        b"forward" => Ok(1),
        b"bidirectional" => Ok(2),
        b"reverse" => Err(node.refuse(
            "reads from the last step to the first, which is supported only within a bidirectional \
                          layer: train with bidirectional=True, or reverse the inputs and use a forward layer",
        )),
        other => Err(node.refuse(format!(
            "has the direction \"{}\"; only forward and bidirectional are supported",
            shown::name(&String::from_utf8_lossy(other))
        ))),
    }
}

fn kind(node: Node<'_>, directions: usize) -> Result<Kind, ImportError> {
    let relu = activations(node).first().is_some_and(|name| name == "relu");
    let (kind, expected): (_, &[&str]) = match node.operator() {
        "RNN" if relu => (Kind::Rnn(Nonlinearity::Relu), &["relu"]),
        "RNN" => (Kind::Rnn(Nonlinearity::Tanh), &["tanh"]),
        "GRU" if node.integer("linear_before_reset", 0) == 0 => (Kind::Gru(Reset::Before), &["sigmoid", "tanh"]),
        "GRU" => (Kind::Gru(Reset::After), &["sigmoid", "tanh"]),
        _ => (Kind::Lstm, &["sigmoid", "tanh", "tanh"]),
    };
    let (found, wanted) = (activations(node), expected.repeat(directions));
    if !found.is_empty() && found != wanted {
        let each = if directions == 2 { ", once for each of the two directions" } else { "" };
        let [found, read] = [shown::names(&found), read_activations(node).to_string()];
        return Err(node.refuse(format!("has the activations {found}; {read}{each}")));
    }
    Ok(kind)
}

/// Describes the activations that an operator may have.
fn read_activations(node: Node<'_>) -> &'static str {
    match node.operator() {
        "RNN" => "an RNN must have either tanh or relu",
        "GRU" => "a GRU must have sigmoid, tanh",
        _ => "an LSTM must have sigmoid, tanh, tanh",
    }
}

/// Returns the activations in lower case; an empty list if the attribute is missing.
fn activations(node: Node<'_>) -> Vec<String> {
    let strings = node.attribute("activations").map_or(&[][..], |attribute| &attribute.strings);
    strings.iter().map(|name| String::from_utf8_lossy(name).to_lowercase()).collect()
}
