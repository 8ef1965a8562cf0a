//! A network of f32 in integers: the numbers that `elman::int8::Calibration` gives for its type.

use super::pack::place;
use super::run::rounded;
use super::{Calibration, Layer, Model, Product, Readout, Scaling};
use crate::single::Single;
use crate::{Kind, Nonlinearity, Reset};
use elman::int8::Scale;
use std::fmt;

/// A network cannot be put into integers.
#[derive(Clone, Debug, PartialEq)]
pub enum Unquantized {
    /// A part of the network has no form in integers.
    Part(&'static str),
    /// A sum would have more products than 32 bits hold.
    TooWide {
        /// Number of inputs, or units, of a layer.
        inputs: usize,
    },
    /// The calibration has seen no step.
    NothingObserved,
    /// A weight is NaN or infinite.
    NonFiniteWeight {
        /// Name of the tensor.
        tensor: String,
    },
    /// The weights of a gate are too large for 8 bits with inputs of this size.
    LargeWeight {
        /// Name of the tensor.
        tensor: String,
        /// Index of the gate.
        gate: usize,
    },
    /// Outputs of a layer became NaN or infinite in the calibration.
    NonFiniteOutput {
        /// Name of the layer.
        layer: String,
    },
    /// A bias does not fit in 16 bits.
    LargeBias {
        /// Name of the tensor.
        tensor: String,
        /// Index of the unit.
        unit: usize,
    },
}

impl fmt::Display for Unquantized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Part(part) => write!(
                f,
                "{part} has no form in integers; layers of Elman, GRU and LSTM cells in one direction, with a dense read-out, do"
            ),
            Self::TooWide { inputs } => {
                write!(f, "a sum of 32 bits holds at most 511 products, but a layer has {inputs} inputs or units")
            }
            Self::NothingObserved => f.write_str("the data set has no step to calibrate on"),
            Self::NonFiniteWeight { tensor } => {
                write!(f, "a weight of {tensor} is NaN or infinite; use weights from before training diverged")
            }
            Self::LargeWeight { tensor, gate } => write!(
                f,
                "the weights of gate {gate} of {tensor} are too large for 8 bits with inputs of this size; normalise the inputs"
            ),
            Self::NonFiniteOutput { layer } => {
                write!(
                    f,
                    "outputs of {layer} became NaN or infinite in the calibration; train again, with clipped gradients"
                )
            }
            Self::LargeBias { tensor, unit } => write!(
                f,
                "the bias of unit {unit} of {tensor} does not fit in 16 bits; train with weight decay, or leave the network in `f32`"
            ),
        }
    }
}

impl std::error::Error for Unquantized {}

impl Calibration<'_> {
    /// The network in integers.
    ///
    /// # Errors
    /// [`Unquantized`] if no step was shown, or a weight or a bias cannot be represented.
    pub fn quantize(&self, scaling: Scaling) -> Result<Model, Unquantized> {
        if self.steps() == 0 {
            return Err(Unquantized::NothingObserved);
        }
        self.finite()?;
        let mut layers = Vec::new();
        for (index, layer) in self.layers.iter().enumerate() {
            let units = [self.input_unit(index), self.output_unit(index)];
            if !units[1].is_finite() {
                return Err(Unquantized::NonFiniteOutput { layer: self.name(index) });
            }
            layers.push(in_integers(layer, self.name(index), units, scaling)?);
        }
        Ok(Model { readout: self.readout(self.output_unit(layers.len() - 1), scaling)?, layers })
    }

    /// The path of a layer in the type of the network, whose stacks nest to the left.
    fn name(&self, layer: usize) -> String {
        let above = self.layers.len() - 1 - layer;
        format!("cell{}{}", ".lower".repeat(above), if layer > 0 { ".upper" } else { "" })
    }

    fn finite(&self) -> Result<(), Unquantized> {
        for (index, layer) in self.layers.iter().enumerate() {
            let [w_ih, w_hh] = layer.weights();
            let biases = layer.biases().concat();
            for (tensor, values) in [("w_ih", w_ih), ("w_hh", w_hh), ("b", &biases)] {
                check_finite(values.iter().copied(), || format!("{}.{tensor}", self.name(index)))?;
            }
        }
        check_finite(self.model.head.values.iter().map(|&w| w as f32), || "readout.w".to_string())?;
        check_finite(self.model.head_bias.iter().map(|&b| b as f32), || "readout.b".to_string())
    }

    /// The read-out in integers, one unit of whose input is `input`.
    fn readout(&self, input: f32, scaling: Scaling) -> Result<Readout, Unquantized> {
        let w: Vec<f32> = self.model.head.transposed().map(|w| w as f32).collect();
        let b: Vec<f32> = self.model.head_bias.iter().map(|&b| b as f32).collect();
        // A quarter of the largest weight's scale, so that a Scale holds it, and 2³⁰ units hold the largest bias.
        let least = (largest(&w) / 127.0 * input * 4.5).max(largest(&b) * (1.0 / (1_u32 << 30) as f32));
        let exponent = (-40..=40).rev().find(|&bits| unit_of(bits) >= least).unwrap_or(-40);
        let shift = (0..15).find(|&shift| largest(&b) / unit_of(exponent - shift) <= f32::from(i16::MAX)).unwrap_or(15);
        let units = Units { input, sum: unit_of(exponent) };
        let w = units.product(&w, [1, b.len()], scaling, &|gate| large_weight("readout.w", gate))?;
        let biases = whole(&b, unit_of(exponent - shift), "readout.b")?;
        Ok(Readout { scaling, w, biases, shift: shift as u16, exponent })
    }
}

/// The layer in integers, with the units of its input and output.
fn in_integers(
    layer: &Single,
    name: String,
    [input, output]: [f32; 2],
    scaling: Scaling,
) -> Result<Layer, Unquantized> {
    let unbounded = layer.kind() == Kind::Rnn(Nonlinearity::Relu);
    let (argument, bias) = if unbounded { (output / 4.0, output) } else { (1.0 / 8192.0, 1.0 / 2048.0) };
    let (kind, [w_ih, w_hh]) = (layer.kind(), layer.weights());
    let shape = [kind.gates(), layer.start().h.len()];
    let product = |w: &[f32], tensor: &str, input| {
        let large = |gate| large_weight(&format!("{name}.{tensor}"), gate);
        Units { input, sum: argument }.product(w, shape, scaling, &large)
    };
    let biases =
        vectors(layer, shape).iter().map(|b| whole(b, bias, &format!("{name}.b"))).collect::<Result<_, _>>()?;
    let (w_ih, w_hh) = (product(w_ih, "w_ih", input)?, product(w_hh, "w_hh", output)?);
    Ok(Layer { kind, scaling, w_ih, w_hh, biases, resolution: 1.0 / input })
}

/// The biases of each gate, those of all vectors together; and of a GRU those of W_hn h.
fn vectors(layer: &Single, [gates, units]: [usize; 2]) -> Vec<Vec<f32>> {
    let of_gate = |b: &Vec<f32>, gate: usize| b[gate * units..(gate + 1) * units].to_vec();
    let sum = |gate: usize| {
        let mut sum = vec![0.0; units];
        layer.biases().iter().for_each(|b| elman::linalg::add(&mut sum, &of_gate(b, gate)));
        sum
    };
    let mut all: Vec<_> = (0..gates).map(sum).collect();
    match (layer.kind(), layer.biases()) {
        (Kind::Gru(Reset::After), [first, second]) => {
            all[2] = of_gate(first, 2);
            all.push(of_gate(second, 2));
        }
        (Kind::Gru(_), _) => all.push(vec![0.0; units]),
        _ => {}
    }
    all
}

/// Units of a sum of products: of a number of the input, and of the scaled sum.
#[derive(Clone, Copy)]
struct Units {
    input: f32,
    sum: f32,
}

impl Units {
    /// Puts the weights of gates, `[input][gate][unit]`, into integers.
    fn product(
        self,
        w: &[f32],
        [gates, units]: [usize; 2],
        scaling: Scaling,
        large: &dyn Fn(usize) -> Unquantized,
    ) -> Result<Product, Unquantized> {
        let inputs = w.len() / (gates * units);
        let (mut weights, mut scales) = (vec![0; w.len()], Vec::new());
        for gate in 0..gates {
            let at = |unit: usize, input: usize| w[(input * gates + gate) * units + unit];
            let each = scaling.each(units);
            let shared = units / each;
            let of = |group: usize| group * shared..(group + 1) * shared;
            let factor = |group| of(group).flat_map(|u| (0..inputs).map(move |i| at(u, i))).fold(0.0, most);
            let scale = |group| Scale::covering(factor(group) / 127.0 * (self.input / self.sum));
            let found = (0..each).map(scale).collect::<Option<Vec<_>>>().ok_or_else(|| large(gate))?;
            for (unit, input) in (0..units).flat_map(|unit| (0..inputs).map(move |input| (unit, input))) {
                let weight = self.rounded(at(unit, input), found[unit / shared]);
                weights[gate * units * inputs + place([units, inputs], unit, input)] = weight;
            }
            scales.push(found);
        }
        Ok(Product { inputs, units, weights, scales })
    }

    /// The nearest multiple of a scale.
    fn rounded(self, w: f32, scale: Scale) -> i8 {
        let step = scale.factor() * (self.sum / self.input);
        // A scale of 0 has weights of 0 alone.
        if step > 0.0 { rounded(w / step).clamp(-127, 127) as i8 } else { 0 }
    }
}

fn whole(biases: &[f32], unit: f32, tensor: &str) -> Result<Vec<i16>, Unquantized> {
    match biases.iter().position(|bias| bias.abs() / unit > f32::from(i16::MAX)) {
        Some(unit) => Err(Unquantized::LargeBias { tensor: tensor.to_string(), unit }),
        None => Ok(biases.iter().map(|bias| rounded(bias / unit)).collect()),
    }
}

fn large_weight(tensor: &str, gate: usize) -> Unquantized {
    Unquantized::LargeWeight { tensor: tensor.to_string(), gate }
}

fn check_finite(mut values: impl Iterator<Item = f32>, tensor: impl Fn() -> String) -> Result<(), Unquantized> {
    if values.all(f32::is_finite) { Ok(()) } else { Err(Unquantized::NonFiniteWeight { tensor: tensor() }) }
}

fn most(largest: f32, w: f32) -> f32 {
    largest.max(w.abs())
}

fn largest(values: &[f32]) -> f32 {
    values.iter().copied().fold(0.0, most)
}

/// 2^−`bits`, from 2⁻⁴⁰ to 2⁴⁰.
fn unit_of(bits: i16) -> f32 {
    2.0_f32.powi(-i32::from(bits.clamp(-40, 40)))
}
