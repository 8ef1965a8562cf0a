use crate::Said;
use elman_trainer::model::Model;

/// The network that was understood, its sizes and costs.
pub fn describe(model: &Model, said: &mut Said) {
    line(said, "network", &model.description());
    line(said, "type", &model.rust_type());
    line(said, "parameters", &model.parameters().to_string());
    line(said, "weights", &format!("{} bytes", 4 * model.parameters()));
    line(said, "state", &format!("{} bytes a stream", model.state_bytes()));
    line(said, "multiply-adds", &format!("{} a step", model.multiply_adds()));
    line(said, "activations", &format!("{} a step", model.functions()));
}

/// A line with its name in front.
pub fn line(said: &mut Said, name: &str, value: &str) {
    said.push_str(&format!("{name:<13} {value}\n"));
}
