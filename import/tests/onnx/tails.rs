//! Graphs with unsupported additions, as exporters write them: the error names the addition, and says how to export
//! without it.

use super::refused::{added, assert_says, error, node};
use elman_import::onnx::proto;

const SMALL: &str = "gru_before_i1h1";
const STACK: &str = "gru_before_lstm_lengths";

/// Returns the error for an operator after the linear layer.
fn after(operator: &str) -> String {
    error(SMALL, |graph| {
        graph.node.push(added(operator, &["y"], "z"));
        graph.output[0].name = "z".to_string();
    })
}

#[test]
fn an_operator_after_the_linear_layer_is_done_on_the_device() {
    for (operator, then) in [
        ("Softmax", "elman::loss::softmax"),
        ("LogSoftmax", "classify"),
        ("Sigmoid", "above 0.5"),
        ("ArgMax", "classify finds the largest"),
        ("Relu", "your program"),
        ("Clip", "your program"),
    ] {
        let error = after(operator);
        let start = format!("{operator} (node \"z\") comes after the linear layer, which must be the last. ");
        assert_says(&error, [&start, "Export the logits: let forward() return the output of the linear layer"]);
        assert!(error.contains(then), "{error}");
    }
    // After a product without biases, and an Add after the biases.
    let product = error(SMALL, |graph| {
        graph.node.retain(|node| node.op_type != "Add");
        graph.node.push(added("Softmax", &["product"], "z"));
    });
    assert_says(&product, ["Softmax (node \"z\") comes after the linear layer", "logits"]);
    let sum = error(SMALL, |graph| graph.node.push(added("Add", &["y", "y"], "z")));
    assert_says(&sum, ["Add (node \"z\") comes after the linear layer", "logits"]);
}

#[test]
fn an_operator_elsewhere_has_another_way_on() {
    let put = |operator: &str, input: &str| {
        error(SMALL, |graph| graph.node.insert(graph.node.len() - 2, added(operator, &[input], "z")))
    };
    assert_says(&put("Softmax", "y0"), ["Softmax (node \"z\") comes after a recurrent layer", "Train without it"]);
    assert_says(&put("Div", "x"), ["Div (node \"z\") comes before the recurrent layers", "--normalizer"]);
    assert_says(&put("Range", ""), ["Range (node \"z\") computes with sizes or constants", "do_constant_folding"]);
    assert_says(&put("Loop", "y0"), ["Loop (node \"z\") ", "instead of a loop"]);
    for operator in ["QuantizeLinear", "DynamicQuantizeLSTM", "MatMulInteger"] {
        assert_says(&put(operator, "y0"), [operator, "quantised model; export the floating-point model instead"]);
    }
}

/// Returns the error for a graph with a second input, "state", from which `nodes` compute "first". The recurrent
/// node `operator` starts from "first", or directly from "state" if there are no nodes.
fn starts(operator: &str, place: usize, nodes: Vec<proto::Node>) -> String {
    error(STACK, |graph| {
        graph.input.push(proto::ValueInfo { name: "state".to_string(), ..Default::default() });
        let at = graph.node.iter().position(|node| node.op_type == operator).unwrap();
        graph.node[at].input.resize(place + 1, String::new());
        graph.node[at].input[place] = if nodes.is_empty() { "state" } else { "first" }.to_string();
        graph.node.splice(at..at, nodes);
    })
}

#[test]
fn a_streaming_export_is_called_one() {
    let sliced = || vec![added("Slice", &["state", "b", "e"], "cut"), added("Squeeze", &["cut"], "first")];
    let gathered = || vec![added("Gather", &["state", "at"], "one"), added("Unsqueeze", &["one"], "first")];
    for (operator, place, name, nodes) in [
        ("GRU", 5, "initial_h", vec![]),
        ("LSTM", 6, "initial_c", vec![]),
        ("LSTM", 5, "initial_h", sliced()),
        ("GRU", 5, "initial_h", gathered()),
        ("LSTM", 6, "initial_c", vec![added("Concat", &["zero", "state"], "first")]),
    ] {
        let error = starts(operator, place, nodes);
        let start = format!("{operator} (node \"layer");
        assert_says(
            &error,
            [
                &start,
                &format!(" starts from {name}, which the graph reads as its input \"state\": this is a streaming"),
            ],
        );
        assert!(error.contains("Export the layer without a state, as rnn(x)"), "{error}");
    }
}

#[test]
fn a_state_that_another_layer_leaves_is_not_called_streaming() {
    let decoder = error(STACK, |graph| {
        let state = node(graph, "GRU").output.get(1).cloned().unwrap_or_default();
        let lstm = node(graph, "LSTM");
        lstm.input.resize(6, String::new());
        lstm.input[5] = state;
    });
    assert_says(
        &decoder,
        ["LSTM (node \"layer1\") starts from initial_h (h0), computed by the graph", "encoder–decoder"],
    );
}

/// Returns the error for a bidirectional layer with these activations.
fn activations(names: &[&str]) -> String {
    error("rnn_bi_l2", |graph| {
        let rnn = node(graph, "RNN");
        rnn.attribute.retain(|attribute| attribute.name != "activations");
        let strings = names.iter().map(|name| name.as_bytes().to_vec()).collect();
        rnn.attribute.push(proto::Attribute { name: "activations".to_string(), strings, ..Default::default() });
    })
}

#[test]
fn activations_are_asked_for_once_for_each_direction() {
    let says = "an RNN must have either tanh or relu, once for each of the two directions";
    for (names, found) in [
        (&["Relu"][..], "relu"),
        (&["Tanh"], "tanh"),
        (&["Relu", "Tanh"], "relu, tanh"),
        (&["Tanh", "Tanh", "Tanh"], "tanh, tanh, tanh"),
        (&["Affine", "Affine"], "affine, affine"),
    ] {
        assert_eq!(activations(names), format!("RNN (node \"layer0\") has the activations {found}; {says}"));
    }
    let many = activations(&["Elu"; 1000]);
    assert!(many.contains("elu, elu and 992 more; "), "{many}");
}
