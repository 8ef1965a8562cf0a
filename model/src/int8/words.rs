//! Names of a network in integers: in an image, and in Rust.

use super::{Layer, Model, Scaling};
use crate::{Kind, Nonlinearity, Reset};

impl Scaling {
    /// Number of scales of a gate of `units` units.
    pub(super) const fn each(self, units: usize) -> usize {
        match self {
            Self::PerGate => 1,
            Self::PerUnit => units,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::PerGate => "gate",
            Self::PerUnit => "unit",
        }
    }

    const fn in_rust(self) -> &'static str {
        match self {
            Self::PerGate => "elman::int8::PerGate",
            Self::PerUnit => "elman::int8::PerUnit",
        }
    }
}

impl Model {
    /// Returns number type and architecture, as an image describes them.
    #[must_use]
    pub fn description(&self) -> String {
        let parts: Vec<String> = self.layers.iter().map(described).collect();
        let stack = if parts.len() == 1 { parts.concat() } else { format!("stacked({})", parts.join(",")) };
        let (inputs, outputs, scaling) = (self.readout.w.inputs, self.outputs(), self.readout.scaling.word());
        format!("int8 network({stack},dense({inputs},{outputs},{scaling}))")
    }

    /// Returns the type in Rust, with every name from the root of `elman`.
    #[must_use]
    pub fn rust_type(&self) -> String {
        let parts = self.layers.iter().map(typed);
        let stack = parts.reduce(|lower, upper| format!("elman::Stacked<{lower}, {upper}>")).unwrap_or_default();
        let (inputs, outputs, scaling) = (self.readout.w.inputs, self.outputs(), self.readout.scaling.in_rust());
        format!("elman::Network<{stack}, elman::int8::Dense<{inputs}, {outputs}, {scaling}>>")
    }
}

fn described(layer: &Layer) -> String {
    let (i, h, s) = (layer.inputs(), layer.units(), layer.scaling.word());
    match layer.kind {
        Kind::Rnn(g) => format!("elman({i},{h},{g},{s})"),
        Kind::Gru(form) => format!("gru({i},{h},rzn,{form},{s})"),
        Kind::Lstm => format!("lstm({i},{h},ifgo,{s})"),
        // No layer has these kinds: neither an image nor a calibration gives one.
        Kind::Mgu | Kind::FastGrnn => String::new(),
    }
}

fn typed(layer: &Layer) -> String {
    let (i, h, s) = (layer.inputs(), layer.units(), layer.scaling.in_rust());
    let (name, rest) = match layer.kind {
        Kind::Rnn(Nonlinearity::Tanh) => ("Elman", ""),
        Kind::Rnn(Nonlinearity::Relu) => ("Elman", ", elman::cell::Relu"),
        Kind::Gru(Reset::After) => ("Gru", ""),
        Kind::Gru(Reset::Before) => ("Gru", ", elman::cell::ResetBefore"),
        Kind::Lstm | Kind::Mgu | Kind::FastGrnn => ("Lstm", ""),
    };
    format!("elman::int8::{name}<{i}, {h}, {s}{rest}>")
}
