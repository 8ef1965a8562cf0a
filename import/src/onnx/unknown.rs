//! Operators that a network here does not have: the place of each, and the way on.

use super::signal::Content;
use super::value::Call;
use crate::ImportError;

/// The error for an operator that is not read.
pub fn operator(call: &Call<'_>) -> ImportError {
    let operator = call.node.operator();
    let by_name = by_name(operator);
    call.node.refuse(by_name.map_or_else(|| by_place(call, operator), str::to_string))
}

/// Operators whose name says enough.
fn by_name(operator: &str) -> Option<&'static str> {
    let quantised =
        ["Quantize", "Dequantize", "QLinear", "DynamicQuantize"].iter().any(|start| operator.starts_with(start));
    match operator {
        "Dropout" => Some("works in training alone; export the model in evaluation mode, after model.eval()"),
        "Loop" | "Scan" | "If" => Some(
            "repeats or chooses a part of the graph, and only straight graphs are read; make the layers nn.RNN, nn.GRU or nn.LSTM \
             rather than a loop, and export with fixed sizes",
        ),
        _ if quantised || operator.ends_with("Integer") => {
            Some("belongs to a quantised model; export the model as it was before, in floating point")
        }
        _ => None,
    }
}

/// The way on, by where in the network the operator is.
fn by_place(call: &Call<'_>, operator: &str) -> String {
    match call.content() {
        Some(Content::Readout | Content::Product) => after(operator),
        Some(Content::Input | Content::Embedded) => {
            "comes before the recurrent layers, which read the graph's input or its embedding. Export without it, and do it to \
             the inputs on the device; a normalisation can travel in the image (--normalizer)"
                .to_string()
        }
        Some(_) => "comes after a recurrent layer, where only another one or the linear layer is read. Train without it, or \
                    export the recurrent layers and the linear layer alone"
            .to_string(),
        None => "computes with sizes or constants, and is not read; export with fixed sizes, and with constant folding \
                 (do_constant_folding=True)"
            .to_string(),
    }
}

/// An operator behind the linear layer, with which a network here ends.
pub fn after(operator: &str) -> String {
    let then = match operator {
        "Softmax" => "elman::loss::softmax makes probabilities of them, and classify finds the largest without",
        "LogSoftmax" => "classify finds the largest without it, and the loss CrossEntropy has it built in",
        "Sigmoid" => "a probability above 0.5 is a logit above 0",
        "ArgMax" | "TopK" => "classify finds the largest",
        _ => "your program applies the operator to them",
    };
    format!(
        "comes after the linear layer, with which a network here ends. Export the logits: let forward() return what the linear \
         layer gives; on the device, {then}"
    )
}
