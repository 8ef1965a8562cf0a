use crate::Said;
use elman_import::{Answers, Import};
use elman_model::{Carried, Model, int8};

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

/// Describes a network in integers, with its sizes, scales and costs.
pub fn describe_integers(model: &int8::Model, said: &mut Said) {
    line(said, "network", &model.description());
    line(said, "type", &model.rust_type());
    line(said, "parameters", &model.parameters().to_string());
    line(said, "weights", &format!("{} bytes, with biases and scales", model.bytes()));
    line(said, "state", &format!("{} bytes a stream", model.state_bytes()));
    line(said, "multiply-adds", &format!("{} a step, of 8 by 16 bits", model.multiply_adds()));
    line(said, "activations", &format!("{} a step", model.functions()));
    for (index, layer) in model.layers.iter().enumerate() {
        let (reach, scales) = (layer.reach(), [scales(&layer.w_ih), scales(&layer.w_hh)].join(" and "));
        line(said, &format!("layer {index}"), &format!("inputs up to {reach:.4}; scales {scales}"));
    }
    let (exponent, scales) = (-i32::from(model.readout.exponent), scales(&model.readout.w));
    line(said, "outputs", &format!("in units of 2^{exponent}; scales {scales}"));
}

/// The smallest and the largest scale of a product.
fn scales(product: &int8::Product) -> String {
    let all: Vec<f32> = product.scales.iter().flatten().map(|scale| scale.factor()).collect();
    let (least, most) = all.iter().fold((f32::INFINITY, 0.0_f32), |(least, most), &s| (least.min(s), most.max(s)));
    if least < most { format!("{least:.1e} to {most:.1e}") } else { format!("{most:.1e}") }
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
