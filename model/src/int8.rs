//! A network in integers whose shape is known only at run time: read from an image or [made](Calibration) of a network in f32.
//!
//! Its steps are whole numbers with the bits of the core, by plain loops over the equations.

mod calibrate;
mod compare;
mod open;
mod pack;
mod probe;
mod quantize;
mod run;
mod words;
mod write;

use super::{Kind, carried};
pub use calibrate::{Calibration, Seen};
pub use compare::{Classes, Compared, Difference, Example, Met};
use elman::int8::Scale;
pub use quantize::Unquantized;
pub use run::State;

/// Weights that share a scale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scaling {
    /// One scale for all weights of a gate.
    #[default]
    PerGate,
    /// One scale for the weights of each unit of a gate.
    PerUnit,
}

/// Weights from some inputs to the units of some gates.
#[derive(Clone, Debug, PartialEq)]
pub struct Product {
    /// Number of inputs.
    pub inputs: usize,
    /// Number of units of a gate.
    pub units: usize,
    /// The weights, in the order of an image.
    pub weights: Vec<i8>,
    /// For each gate its scale, or those of its units.
    pub scales: Vec<Vec<Scale>>,
}

/// A recurrent layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Kind of its cells.
    pub kind: Kind,
    /// Weights that share a scale.
    pub scaling: Scaling,
    /// Weights from the input.
    pub w_ih: Product,
    /// Weights from the state.
    pub w_hh: Product,
    /// Vectors of biases: one for each gate, and a fourth of a GRU for W_hn h.
    pub biases: Vec<Vec<i16>>,
    /// Units of the input that are 1.0.
    pub resolution: f32,
}

/// The read-out.
#[derive(Clone, Debug, PartialEq)]
pub struct Readout {
    /// Weights that share a scale.
    pub scaling: Scaling,
    /// Weights.
    pub w: Product,
    /// Biases.
    pub biases: Vec<i16>,
    /// Bits by which a bias is shifted.
    pub shift: u16,
    /// Fraction bits of an output.
    pub exponent: i16,
}

/// A network in integers whose shape is known only at run time.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// The layers, the lowest first; at least one.
    pub layers: Vec<Layer>,
    /// The read-out.
    pub readout: Readout,
}

impl Product {
    /// Bytes of the weights and the scales.
    fn bytes(&self) -> usize {
        self.weights.len() + 2 * self.scales.iter().map(Vec::len).sum::<usize>()
    }
}

impl Layer {
    /// Number of inputs.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.w_ih.inputs
    }

    /// Number of units.
    #[must_use]
    pub fn units(&self) -> usize {
        self.w_ih.units
    }

    /// The largest input without clipping.
    #[must_use]
    pub fn reach(&self) -> f32 {
        f32::from(i16::MAX) / self.resolution
    }
}

impl Model {
    /// Number of inputs.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.layers[0].inputs()
    }

    /// Number of outputs.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.readout.w.units
    }

    /// Bytes of the weights, the biases and the scales together.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let layer = |layer: &Layer| layer.w_ih.bytes() + layer.w_hh.bytes() + 2 * layer.biases.concat().len() + 4;
        let readout = self.readout.w.bytes() + 2 * self.readout.biases.len() + 4;
        self.layers.iter().map(layer).sum::<usize>() + readout
    }

    /// Number of weights and biases.
    #[must_use]
    pub fn parameters(&self) -> usize {
        let biases = self.layers.iter().map(|layer| layer.biases.concat().len()).sum::<usize>();
        self.multiply_adds() + biases + self.readout.biases.len()
    }

    /// Bytes of the state of a stream: 2 for each h, and 4 more for each c of an LSTM.
    #[must_use]
    pub fn state_bytes(&self) -> usize {
        self.layers.iter().map(|layer| layer.units() * if layer.kind == Kind::Lstm { 6 } else { 2 }).sum()
    }

    /// Multiply-adds of a step: one for each weight.
    #[must_use]
    pub fn multiply_adds(&self) -> usize {
        let cells = self.layers.iter().map(|layer| layer.w_ih.weights.len() + layer.w_hh.weights.len());
        cells.sum::<usize>() + self.readout.w.weights.len()
    }

    /// Sigmoids and hyperbolic tangents (or rectifiers) of a step.
    #[must_use]
    pub fn functions(&self) -> usize {
        self.layers.iter().map(|layer| layer.units() * layer.kind.functions()).sum()
    }
}

/// Largest number of inputs of a sum, as in the core.
const LONGEST: usize = 511;

/// Facts about an image's sections for the module that opens it, from [`Carried`](super::Carried).
fn carried_types(normalizer: Option<usize>, vocabulary: Option<[usize; 2]>) -> String {
    let normalizer = normalizer.map(carried::normalizer_type);
    let vocabulary = vocabulary.map(carried::vocabulary_type);
    [normalizer, vocabulary].into_iter().flatten().collect()
}
