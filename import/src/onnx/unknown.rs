//! Errors for unsupported operators, with advice.

use super::signal::Content;
use super::value::Call;
use crate::ImportError;

/// Returns the error for an unsupported operator.
pub fn operator(call: &Call<'_>) -> ImportError {
    let operator = call.node.operator();
    let by_name = by_name(operator);
    call.node.refuse(by_name.map_or_else(|| by_place(call, operator), str::to_string))
}

/// Returns the advice for operators known by name.
fn by_name(operator: &str) -> Option<&'static str> {
    let quantised =
        ["Quantize", "Dequantize", "QLinear", "DynamicQuantize"].iter().any(|start| operator.starts_with(start));
    match operator {
        "Dropout" => Some("is used only in training; export the model in evaluation mode, after model.eval()"),
        "Loop" | "Scan" | "If" => Some(
            "repeats or selects a part of the graph; only graphs without loops and branches are supported: use \
             nn.RNN, nn.GRU or nn.LSTM instead of a loop, and export with fixed sizes",
        ),
        _ if quantised || operator.ends_with("Integer") => {
            Some("belongs to a quantised model; export the floating-point model instead")
        }
        _ => None,
    }
}

/// Returns the advice according to the position of the operator in the network.
fn by_place(call: &Call<'_>, operator: &str) -> String {
    match call.content() {
        Some(Content::Readout | Content::Product) => after(operator),
        Some(Content::Input | Content::Embedded) => {
            "comes before the recurrent layers, which must read the graph's input or its embedding. Export without \
             it, and apply it to the inputs on the device; the image can carry a normalisation (--normalizer)"
                .to_string()
        }
        Some(_) => "comes after a recurrent layer, where only another recurrent layer or the linear layer is \
                    supported. Train without it, or export only the recurrent layers and the linear layer"
            .to_string(),
        None => "computes with sizes or constants, which is not supported; export with fixed sizes, and with \
                 constant folding (do_constant_folding=True)"
            .to_string(),
    }
}

/// Returns the advice for an operator after the linear layer, which must be the last.
pub fn after(operator: &str) -> String {
    let then = match operator {
        "Softmax" => "elman::loss::softmax turns them into probabilities, and classify finds the largest without it",
        "LogSoftmax" => "classify finds the largest without it, and the loss CrossEntropy includes it",
        "Sigmoid" => "a probability above 0.5 is a logit above 0",
        "ArgMax" | "TopK" => "classify finds the largest",
        _ => "apply the operator to them in your program",
    };
    format!(
        "comes after the linear layer, which must be the last. Export the logits: let forward() return the output of \
         the linear layer; on the device, {then}"
    )
}
