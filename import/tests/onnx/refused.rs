//! Graphs with unsupported features, for which an error names the operator, the node and the reason.

use super::file;
use elman_import::Answers;
use elman_import::onnx::{self, proto};
use prost::Message;

/// Model with two forward layers.
const STACK: &str = "gru_before_lstm_lengths";
/// Smallest model.
const SMALL: &str = "gru_before_i1h1";

pub fn graph(name: &str) -> proto::Model {
    proto::Model::decode(file(name).as_slice()).unwrap()
}

/// Returns the error for a model whose graph is changed by `edit`.
pub fn error(name: &str, edit: impl FnOnce(&mut proto::Graph)) -> String {
    let mut model = graph(name);
    edit(model.graph.as_mut().unwrap());
    onnx::read(&model.encode_to_vec()).expect_err("is refused").to_string()
}

pub fn node<'a>(graph: &'a mut proto::Graph, operator: &str) -> &'a mut proto::Node {
    graph.node.iter_mut().find(|node| node.op_type == operator).unwrap()
}

fn integer(name: &str, i: i64) -> proto::Attribute {
    proto::Attribute { name: name.to_string(), i, ..Default::default() }
}

fn floats(name: &str, shape: &[i64], values: &[f32]) -> proto::Tensor {
    let (dims, float_data) = (shape.to_vec(), values.to_vec());
    proto::Tensor { dims, data_type: 1, float_data, name: name.to_string(), ..Default::default() }
}

pub fn added(operator: &str, input: &[&str], output: &str) -> proto::Node {
    proto::Node {
        op_type: operator.to_string(),
        input: input.iter().map(ToString::to_string).collect(),
        output: vec![output.to_string()],
        ..Default::default()
    }
}

#[track_caller]
pub fn assert_says(error: &str, parts: [&str; 2]) {
    assert!(error.starts_with(parts[0]) && error.contains(parts[1]), "{error}");
}

/// Returns the error for a GRU with an additional attribute.
fn with(attribute: proto::Attribute) -> String {
    error(SMALL, |graph| {
        let node = node(graph, "GRU");
        node.attribute.retain(|other| other.name != attribute.name);
        node.attribute.push(attribute);
    })
}

#[test]
fn attributes() {
    let gru = "GRU (node \"layer0\") ";
    let strings = |name: &str, values: &[&str]| {
        let strings = values.iter().map(|value| value.as_bytes().to_vec()).collect();
        proto::Attribute { name: name.to_string(), strings, ..Default::default() }
    };
    let direction = |s: &str| proto::Attribute { s: s.as_bytes().to_vec(), ..integer("direction", 0) };
    assert_says(
        &with(strings("activations", &["Sigmoid", "Relu"])),
        [gru, "sigmoid, relu; a GRU must have sigmoid, tanh"],
    );
    assert_says(&with(strings("activations", &["Sigmoid"])), [gru, "activations"]);
    assert_says(&with(direction("reverse")), [gru, "from the last step to the first"]);
    assert_says(&with(direction("both")), [gru, "\"both\""]);
    assert_says(&with(integer("layout", 1)), [gru, "layout 1"]);
    assert_says(&with(proto::Attribute { f: 3.0, ..integer("clip", 0) }), [gru, "clips"]);
    assert_says(&with(integer("input_forget", 1)), [gru, "couples"]);
    assert_says(&with(integer("hidden_size", 2)), [gru, "hidden_size 2"]);
    assert_says(&with(integer("zoneout", 0)), [gru, "the attribute zoneout"]);
}

/// Returns the error for an LSTM that reads a constant tensor as its input `place`.
fn with_input(place: usize, tensor: proto::Tensor) -> String {
    error(STACK, |graph| {
        let node = node(graph, "LSTM");
        node.input.resize(node.input.len().max(place + 1), String::new());
        node.input[place] = tensor.name.clone();
        graph.initializer.push(tensor);
    })
}

#[test]
fn first_states_peepholes_and_lengths() {
    let lstm = "LSTM (node \"layer1\") ";
    let zeros = floats("s", &[1, 1, 4], &[0.0; 4]);
    let ones = floats("s", &[1, 1, 4], &[0.0, 0.0, 1.0, 0.0]);
    assert_says(&with_input(5, ones.clone()), [lstm, "initial_h (s), a constant that is not zero"]);
    assert_says(&with_input(6, ones), [lstm, "initial_c (s), a constant that is not zero"]);
    assert_says(&with_input(7, floats("p", &[1, 12], &[0.0; 12])), [lstm, "peepholes"]);
    let lengths = proto::Tensor { dims: vec![1], data_type: 6, int32_data: vec![3], ..floats("l", &[], &[]) };
    assert_says(&with_input(4, lengths), [lstm, "given by sequence_lens, [3]; export for one sequence"]);
    let mut model = graph(STACK);
    let graph = model.graph.as_mut().unwrap();
    graph.initializer.push(zeros);
    node(graph, "LSTM").input.extend(["s", "s"].map(ToString::to_string));
    assert_eq!(onnx::read(&model.encode_to_vec()).unwrap().model, super::read(STACK).model, "zeros change nothing");
    let given = error(STACK, |graph| {
        let state = proto::ValueInfo { name: "state".to_string(), ..Default::default() };
        graph.input.push(state);
        node(graph, "LSTM").input.push("state".to_string());
    });
    assert_says(&given, [lstm, "starts from initial_h"]);
}

#[test]
fn operators() {
    let after = |operator: &str| {
        error(SMALL, |graph| {
            graph.node.push(added(operator, &["y"], "z"));
            graph.output[0].name = "z".to_string();
        })
    };
    assert_says(&after("Dropout"), ["Dropout (node \"z\") ", "after model.eval()"]);
    let custom = error(SMALL, |graph| graph.node[0].domain = "com.example".to_string());
    assert_says(
        &custom,
        ["com.example.GRU (node \"layer0\") is not one of ONNX's own operators", "before onnxruntime"],
    );
    let again = error(SMALL, |graph| graph.node.push(added("MatMul", &["y", "weight"], "z")));
    assert_says(&again, ["MatMul (node \"z\") ", "second linear layer"]);
    let sum = error(SMALL, |graph| graph.node.push(added("Add", &["y0", "y0"], "z")));
    assert_says(&sum, ["Add (node \"z\") ", "other than the biases"]);
    let more = error(SMALL, |graph| graph.node.push(added("Add", &["product", "bias"], "z")));
    assert_says(&more, ["Add (node \"z\") ", "a second time"]);
    let first = error(SMALL, |graph| graph.node.insert(0, added("MatMul", &["x", "weight"], "z")));
    assert_says(&first, ["MatMul (node \"z\") ", "dynamo=False"]);
    let lower = error(STACK, |graph| node(graph, "MatMul").input[0] = "y0".to_string());
    assert_says(&lower, ["MatMul (node \"product\") ", "a layer other than the highest"]);
    let twice = error(STACK, |graph| node(graph, "LSTM").input[0] = "x".to_string());
    assert_says(&twice, ["LSTM (node \"layer1\") ", "does not read the steps"]);
    let both = error("rnn_bi_l2", |graph| node(graph, "RNN").output[0] = "y0".to_string());
    assert_says(&both, ["Transpose (node \"turned0\") ", "all0, which does not exist"]);
    let half = error("lstm_l2_bi_script", |graph| {
        let gather = graph.node.iter().position(|node| node.op_type == "Gemm").unwrap();
        let state = graph.node.iter().rev().find(|node| node.op_type == "Gather").unwrap().output[0].clone();
        graph.node[gather].input[0] = state;
    });
    assert_says(&half, ["Gemm (node ", "states other than the final states"]);
}

/// Bidirectional layers may lie above any layer, but a forward layer may not lie above a bidirectional one.
#[test]
fn forward_layers_above_both_directions() {
    let error = error("rnn_bi_l2", |graph| {
        let node = graph.node.iter_mut().rfind(|node| node.op_type == "RNN").unwrap();
        node.attribute.retain(|attribute| attribute.name == "hidden_size");
        for tensor in graph.initializer.iter_mut().filter(|t| ["w1", "r1", "b1", "weight"].contains(&t.name.as_str())) {
            tensor.dims[0] /= 2;
            tensor.raw_data.truncate(tensor.raw_data.len() / 2);
        }
    });
    assert_says(&error, ["layer 1 reads only forward", "must be bidirectional too"]);
}

#[test]
fn graphs_without_a_part() {
    let cut = |name: &str, operators: &[&str], output: &str| {
        error(name, |graph| {
            graph.node.retain(|node| !operators.contains(&node.op_type.as_str()));
            graph.output[0].name = output.to_string();
        })
    };
    let linear = "there is no linear layer (Gemm, or MatMul and Add) that reads the recurrent layers";
    assert!(cut(SMALL, &["MatMul", "Add"], "y0").starts_with(linear));
    let recurrent = "there is no RNN, GRU or LSTM operator in the graph";
    assert!(cut(SMALL, &["GRU", "Squeeze", "MatMul", "Add"], "x").starts_with(recurrent));
    let output = "there is no graph output that comes from the linear layer; ";
    assert!(cut(SMALL, &[], "product").starts_with(output), "without its biases");
    assert!(cut(SMALL, &[], "y0").starts_with(output));
}

#[test]
fn a_linear_layer_may_have_no_biases_or_be_moved_about() {
    let mut model = graph(SMALL);
    let graph = model.graph.as_mut().unwrap();
    graph.node.retain(|node| node.op_type != "Add");
    graph.node.push(proto::Node { attribute: vec![], ..added("Transpose", &["product"], "y") });
    let import = onnx::read(&model.encode_to_vec()).unwrap();
    assert_eq!((import.model.head_bias, import.extra), (vec![0.0; 2], vec!["bias".to_string()]));
    assert_eq!(import.model.head, super::read(SMALL).model.head);
}

/// In `head(y)[:, -1]`, the linear layer reads every step, and only the last output is taken.
#[test]
fn the_last_step_may_be_taken_after_the_linear_layer() {
    for (name, answers) in [(SMALL, Answers::End), ("rnn_bi_l2", Answers::LastStep)] {
        let taken = |place: i64| {
            let mut model = graph(name);
            let graph = model.graph.as_mut().unwrap();
            let at =
                proto::Tensor { name: "at".to_string(), data_type: 7, int64_data: vec![place], ..Default::default() };
            graph.initializer.push(at);
            graph.node.push(added("Gather", &["y", "at"], "z"));
            graph.output[0].name = "z".to_string();
            onnx::read(&model.encode_to_vec())
        };
        let import = taken(-1).unwrap();
        assert_eq!((import.model, import.answers), (super::read(name).model, Some(answers)));
        assert_says(&taken(0).unwrap_err().to_string(), ["Gather (node \"z\") ", "takes index 0 of the steps"]);
    }
}
