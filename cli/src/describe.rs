use crate::Said;
use elman_import::{Answers, Import};
use elman_model::{Carried, Model};

/// Describes a network, with its sizes and costs.
pub fn describe(model: &Model, said: &mut Said) {
    line(said, "network", &model.description());
    line(said, "type", &model.rust_type());
    line(said, "parameters", &model.parameters().to_string());
    line(said, "weights", &format!("{} bytes", 4 * model.parameters()));
    line(said, "state", &format!("{} bytes a stream", model.state_bytes()));
    line(said, "multiply-adds", &format!("{} a step", model.multiply_adds()));
    line(said, "activations", &format!("{} a step", model.functions()));
}

/// Describes an imported network.
pub fn describe_import(import: &Import, said: &mut Said) {
    describe(&import.model, said);
    match import.answers {
        Some(Answers::EachStep) => line(said, "answers", "at each step"),
        Some(Answers::End) => line(said, "answers", "at the end"),
        Some(Answers::LastStep) => line(
            said,
            "answers",
            "at the last step, of which the backward direction has read no other (Last, not Final)",
        ),
        None => (),
    }
}

/// Describes the additional data in an image.
pub fn describe_carried(carried: &Carried, said: &mut Said) {
    if let Some(scaler) = &carried.normalizer {
        normalizer(scaler.mean.len(), said);
    }
    if let Some(words) = &carried.vocabulary {
        vocabulary(words.iter().count(), said);
    }
}

pub fn normalizer(channels: usize, said: &mut Said) {
    line(said, "normaliser", &format!("{channels} channels"));
}

pub fn vocabulary(words: usize, said: &mut Said) {
    line(said, "vocabulary", &format!("{words} words and four special tokens"));
}

/// Adds a line with a name and a value.
pub fn line(said: &mut Said, name: &str, value: &str) {
    said.push_str(&format!("{name:<13} {value}\n"));
}
