//! The largest inputs and outputs of each layer, over sequences.

use crate::single::{Single, read_out};
use crate::{Kind, Model, Nonlinearity};

use super::{LONGEST, Unquantized};

/// The largest absolute values that a layer has read and given.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Seen {
    /// Largest absolute value of an input.
    pub input: f32,
    /// Largest absolute value of an output.
    pub output: f32,
}

/// A network of f32 with what it has met, as `elman::int8::Calibration` for a type.
pub struct Calibration<'m> {
    pub(super) model: &'m Model,
    pub(super) layers: Vec<Single>,
    seen: Vec<Seen>,
    steps: usize,
}

/// Outputs of a step in f32, and for each layer its gates and h.
pub(super) struct Step {
    pub outputs: Vec<f32>,
    pub gates: Vec<Vec<Vec<f32>>>,
    pub h: Vec<Vec<f32>>,
}

impl<'m> Calibration<'m> {
    /// Nothing shown yet.
    ///
    /// # Errors
    /// [`Unquantized`] if a part of the network has no form in integers.
    pub fn new(model: &'m Model) -> Result<Self, Unquantized> {
        if model.embedding.is_some() {
            return Err(Unquantized::Part("an embedding"));
        }
        let layers = model.layers.iter().map(Single::of).collect::<Option<Vec<_>>>();
        let layers = layers.ok_or_else(|| Unquantized::Part(without_integers(model)))?;
        let widths = model.layers.iter().flat_map(|layer| [layer.inputs(), layer.units()]);
        if let Some(inputs) = widths.into_iter().find(|&width| width > LONGEST) {
            return Err(Unquantized::TooWide { inputs });
        }
        Ok(Self { model, seen: vec![Seen::default(); layers.len()], layers, steps: 0 })
    }

    /// Reads a sequence from the zero state.
    ///
    /// # Errors
    /// The first step with an input that is NaN or infinite; nothing of the sequence counts.
    pub fn observe(&mut self, xs: &[Vec<f32>]) -> Result<(), usize> {
        if let Some(step) = xs.iter().position(|x| !x.iter().all(|x| x.is_finite())) {
            return Err(step);
        }
        let mut states: Vec<_> = self.layers.iter().map(Single::start).collect();
        for x in xs {
            let mut x = x.clone();
            for ((layer, state), seen) in self.layers.iter().zip(&mut states).zip(&mut self.seen) {
                layer.step(state, &x);
                *seen = Seen { input: largest(seen.input, &x), output: largest(seen.output, &state.h) };
                x.clone_from(&state.h);
            }
        }
        self.steps += xs.len();
        Ok(())
    }

    /// Returns the largest values of each layer so far.
    #[must_use]
    pub fn seen(&self) -> &[Seen] {
        &self.seen
    }

    /// Number of steps met.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// All steps of a sequence.
    pub(super) fn run(&self, xs: &[Vec<f32>]) -> Vec<Step> {
        let mut states: Vec<_> = self.layers.iter().map(Single::start).collect();
        let step = |x: &Vec<f32>| {
            let mut gates = Vec::new();
            let mut x = x.clone();
            for (layer, state) in self.layers.iter().zip(&mut states) {
                gates.push(layer.step(state, &x));
                x.clone_from(&state.h);
            }
            let h = states.iter().map(|state| state.h.clone()).collect();
            Step { outputs: read_out(&self.model.head, &self.model.head_bias, &x), gates, h }
        };
        xs.iter().map(step).collect()
    }

    /// One unit of the output of a layer.
    pub(super) fn output_unit(&self, layer: usize) -> f32 {
        match self.layers[layer].kind() {
            Kind::Rnn(Nonlinearity::Relu) => self.rectified_unit(layer),
            _ => 1.0 / 32_768.0,
        }
    }

    /// One unit of the input of a layer.
    pub(super) fn input_unit(&self, layer: usize) -> f32 {
        layer.checked_sub(1).map_or_else(|| unit(self.seen[0].input), |below| self.output_unit(below))
    }

    /// One unit of the output of a layer with ReLU: large enough for scales to hold the largest weight, and for 16 bits to hold the
    /// largest bias.
    fn rectified_unit(&self, layer: usize) -> f32 {
        let single = &self.layers[layer];
        let [w_ih, _] = single.weights();
        let bias: f32 = single.biases().iter().map(|b| largest(0.0, b)).sum();
        let least = (largest(0.0, w_ih) / 127.0 * self.input_unit(layer) * 16.5).max(bias / 32_764.0);
        let seen = self.seen[layer].output;
        if seen.is_finite() { unit(seen).max(least) } else { f32::NAN }
    }
}

/// One unit of numbers of 16 bits up to `largest`. It has a reciprocal, even of what was always 0.
fn unit(largest: f32) -> f32 {
    largest.max(1e-30) / f32::from(i16::MAX)
}

fn largest(before: f32, values: &[f32]) -> f32 {
    values.iter().fold(before, |most, x| if x.abs() > most || x.is_nan() { x.abs() } else { most })
}

fn without_integers(model: &Model) -> &'static str {
    let odd = model.layers.iter().find(|layer| Single::of(layer).is_none());
    match odd.map(|layer| (layer.directions.len(), layer.kind)) {
        Some((1, Kind::Mgu)) => "a minimal gated unit",
        Some((1, _)) => "a FastGRNN",
        _ => "a layer that reads in both directions",
    }
}
