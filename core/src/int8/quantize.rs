use super::Dense;
use super::dense::{HIGHEST, LOWEST, unit_of};
use super::fixed::{ARGUMENT, BIAS, UNIT};
use super::input::rounded;
use super::scale::{Scale, Scaling};
use super::weights::{Scales, Weights};
use crate::error::{QuantizeError, SequenceError};
use crate::math::{Math, Zero, larger};
use crate::network::Network;
use crate::parameters::{self, Parameters, Path, TensorName};
use crate::part::Step;
use crate::present::part;
use core::ops;
use zerocopy::little_endian::{I16, U16};

mod cells;
mod stacked;

/// Part of a trained network of `f32` that can be put into integers, reading inputs of `X`.
pub trait Quantize<X>: Step<X, Math: Math<Scalar = f32>> + Parameters<Scalar = f32> {
    /// The part in integers.
    type Int8<S: Scaling>;
    /// Largest values met in the calibration.
    type Ranges: Copy + Zero;
    /// Makes a [`step`](Step::step) and notes what is larger than before.
    fn observe(&self, ranges: &mut Self::Ranges, state: &mut Self::State, x: &X);
    /// The part in integers. `given` is the unit of its input where that comes from another part in integers.
    ///
    /// # Errors
    /// [`QuantizeError`] if a weight or a bias cannot be represented.
    fn quantize<S: Scaling>(
        &self,
        ranges: &Self::Ranges,
        given: Option<f32>,
        path: Path<'_>,
    ) -> Result<Self::Int8<S>, QuantizeError>;
    /// One unit of the output of the part in integers.
    fn output_unit(ranges: &Self::Ranges) -> f32;
}

/// The largest absolute values of a cell's input and output.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Range {
    /// Largest absolute value of an input.
    pub input: f32,
    /// Largest absolute value of an output.
    pub output: f32,
}

impl Zero for Range {
    const ZERO: Self = Self { input: 0.0, output: 0.0 };
}

impl Range {
    /// Notes an input and the output after it.
    fn note(&mut self, input: f32, output: f32) {
        *self = Self { input: larger(self.input, input), output: larger(self.output, output) };
    }
}

/// One unit of numbers of 16 bits up to `largest`. It has a reciprocal, even of what was always 0.
fn unit(largest: f32) -> f32 {
    larger(largest, 1e-30) / f32::from(i16::MAX)
}

/// 2^−`bits`.
const fn power(bits: u32) -> f32 {
    1.0 / (1u32 << bits) as f32
}

/// One unit of the argument of a gate.
const ARGUMENT_UNIT: f32 = power(ARGUMENT);
/// One unit of the output of a tanh cell.
const OUTPUT_UNIT: f32 = power(UNIT);

/// A trained network of `f32`, with the largest inputs and outputs of each layer over the sequences it was shown.
///
/// The sequences should be those of the training set, or as many of them as there is time for: an input that is larger than all
/// of them is cut off at the largest.
#[derive(Clone, Copy, Debug)]
pub struct Calibration<'n, C, R, X>
where
    C: Quantize<X>,
{
    network: &'n Network<C, R>,
    ranges: C::Ranges,
    steps: usize,
}

impl<'n, C: Quantize<X>, const H: usize, const K: usize, X> Calibration<'n, C, crate::Dense<H, K>, X> {
    /// Nothing shown yet.
    #[must_use]
    pub fn new(network: &'n Network<C, crate::Dense<H, K>>) -> Self {
        Self { network, ranges: Zero::ZERO, steps: 0 }
    }

    /// Reads a sequence from the zero state.
    ///
    /// # Errors
    /// [`SequenceError`] for an input that is NaN or infinite; nothing of the sequence counts.
    pub fn observe(&mut self, xs: &[X]) -> Result<(), SequenceError> {
        if let Some(step) = xs.iter().position(|x| !C::accepts(x)) {
            return Err(SequenceError::NonFiniteInput { step });
        }
        let mut state = C::State::ZERO;
        xs.iter().for_each(|x| self.network.cell.observe(&mut self.ranges, &mut state, x));
        self.steps += xs.len();
        Ok(())
    }

    /// The network in integers.
    ///
    /// # Errors
    /// [`QuantizeError`] if no step was shown, or a weight or a bias cannot be represented.
    pub fn quantize<S: Scaling>(&self) -> Result<Network<C::Int8<S>, Dense<H, K, S>>, QuantizeError> {
        if self.steps == 0 {
            return Err(QuantizeError::NothingObserved);
        }
        parameters::check_finite(&self.network.cell).map_err(QuantizeError::NonFiniteWeight)?;
        parameters::check_finite(&self.network.readout).map_err(QuantizeError::NonFiniteWeight)?;
        let cell = self.network.cell.quantize(&self.ranges, None, Path::ROOT.at("cell"))?;
        let unit = C::output_unit(&self.ranges);
        let readout = Dense::of(&self.network.readout, unit, Path::ROOT.at("readout"))?;
        Ok(Network { cell, readout })
    }
}

/// Units of a sum of products: of a number of the input, and of the scaled sum.
#[derive(Clone, Copy)]
struct Units {
    input: f32,
    sum: f32,
}

impl Units {
    /// Puts the weights of `G` gates, `[input][gate][unit]`, into integers.
    fn product<const N: usize, const H: usize, const G: usize, S: Scaling>(
        self,
        w: &[[[f32; H]; G]; N],
        path: Path<'_>,
    ) -> Result<(Weights<N, H, G>, Scales<H, G, S>), QuantizeError> {
        let (mut weights, mut scales) = (Weights::ZERO, Scales::<H, G, S>::ZERO);
        for (gate, scales) in scales.iter_mut().enumerate() {
            let scales = scales.as_mut();
            // As many units have one scale; H is not 0.
            let shared = H / scales.len().max(1);
            for (group, scale) in scales.iter_mut().enumerate() {
                let units = group * shared..(group + 1) * shared;
                let of_gate = |gates| of_gate::<H, G>(gates, gate, units.clone());
                *scale = self
                    .scale(w.iter().flat_map(of_gate).copied())
                    .map_err(|factor| QuantizeError::LargeWeight { tensor: TensorName::from(&path), gate, factor })?;
                for (input, gates) in w.iter().enumerate() {
                    for (unit, &w) in units.clone().zip(of_gate(gates)) {
                        weights.set(gate, unit, input, self.rounded(w, *scale));
                    }
                }
            }
        }
        Ok((weights, scales))
    }

    /// The scale with which the largest of these weights is 127.
    fn scale(self, weights: impl Iterator<Item = f32>) -> Result<Scale, f32> {
        let factor = weights.fold(0.0, |most, w| larger(most, w.abs())) / 127.0 * (self.input / self.sum);
        Scale::covering(factor).ok_or(factor)
    }

    /// The nearest multiple of a scale.
    fn rounded(self, w: f32, scale: Scale) -> i8 {
        let step = scale.factor() * (self.sum / self.input);
        // A scale of 0 has weights of 0 alone.
        if step > 0.0 { rounded(w / step).clamp(-127, 127) as i8 } else { 0 }
    }
}

/// The weights of some units of a gate.
fn of_gate<const H: usize, const G: usize>(gates: &[[f32; H]; G], gate: usize, units: ops::Range<usize>) -> &[f32] {
    gates.get(gate).map_or(&[], |weights| part(weights, units))
}

/// Biases of a gate, the sum of all bias vectors, in units of `unit`.
fn biases<const H: usize>(
    vectors: impl Iterator<Item = [f32; H]>,
    unit: f32,
    path: Path<'_>,
) -> Result<[I16; H], QuantizeError> {
    let mut sum = [0.0; H];
    vectors.for_each(|vector| sum.iter_mut().zip(vector).for_each(|(sum, bias)| *sum += bias));
    match sum.iter().position(|bias| bias.abs() / unit > f32::from(i16::MAX)) {
        Some(unit) => Err(QuantizeError::LargeBias { tensor: TensorName::from(&path), unit }),
        None => Ok(sum.map(|bias| I16::new(rounded(bias / unit)))),
    }
}

impl<const H: usize, const K: usize, S: Scaling> Dense<H, K, S> {
    /// The layer in integers, one unit of whose input is `input`.
    fn of(dense: &crate::Dense<H, K>, input: f32, path: Path<'_>) -> Result<Self, QuantizeError> {
        let largest = |values: &[f32]| values.iter().fold(0.0, |most, value| larger(most, value.abs()));
        // A quarter of the largest weight's scale, so that a Scale holds it, and 2³⁰ units hold the largest bias.
        let least = larger(largest(dense.w.as_flattened()) / 127.0 * input * 4.5, largest(&dense.b) * power(30));
        let exponent = (0..=HIGHEST - LOWEST).map(|down| HIGHEST - down).find(|&bits| unit_of(bits) >= least);
        let exponent = exponent.unwrap_or(LOWEST);
        let shifts = (0..15).find(|&shift| largest(&dense.b) / (unit_of(exponent - shift)) <= f32::from(i16::MAX));
        let shift = shifts.unwrap_or(15);
        let rows = dense.w.each_ref().map(|row| [*row]);
        let (w, scale) = Units { input, sum: unit_of(exponent) }.product::<H, K, 1, S>(&rows, path.at("w"))?;
        Ok(Self {
            w,
            scale,
            b: biases([dense.b].into_iter(), unit_of(exponent - shift), path.at("b"))?,
            bias_shift: U16::new(shift as u16),
            exponent: I16::new(exponent),
        })
    }
}
