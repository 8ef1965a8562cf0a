use super::Dense;
use super::dense::{HIGHEST, LOWEST, unit_of};
use super::fixed::{ARGUMENT, BIAS, UNIT};
use super::input::rounded;
use super::scale::{Scale, Scaling};
use super::weights::{Scales, Weights};
use crate::error::{QuantizeError, SequenceError};
use crate::input::Input;
use crate::math::{Math, Scalar, Zero, larger};
use crate::parameters::{Parameters, Path, TensorName};
use crate::part::Sweep;
use crate::present::part;
use core::{ops, slice};
use zerocopy::little_endian::{I16, U16};

mod bidirectional;
mod calibration;
mod cells;
mod fastgrnn;
mod frozen;
mod matrix;
mod stacked;
mod vectors;

pub use calibration::Calibration;

/// Part of a trained network of `f32` that reads inputs of type `X` and can be quantized to integers.
pub trait Quantize<X>: Sweep<X, Math: Math<Scalar = f32>> + Parameters<Scalar = f32> {
    /// Type of the part in integers.
    type Int8<S: Scaling>: Zero;
    /// Largest values seen in the calibration.
    type Ranges: Copy + Zero;
    /// Records inputs and outputs that are larger than those before.
    fn note(_ranges: &mut Self::Ranges, _xs: &[X], _outputs: &[Self::Output]) {}
    /// Does a [`sweep`](Sweep::sweep), and [notes](Self::note) its inputs and outputs. A part made of others lets each of them
    /// observe.
    ///
    /// # Errors
    /// Same as for [`Sweep::sweep`].
    fn observe<'r, const T: usize>(
        &self,
        ranges: &mut Self::Ranges,
        state: &mut Self::State,
        xs: &[X],
        room: &'r mut Self::Room<T>,
    ) -> Result<&'r [Self::Output], SequenceError> {
        let outputs = self.sweep::<T>(state, xs, room)?;
        Self::note(ranges, xs, outputs);
        Ok(outputs)
    }
    /// Writes the part in integers to `small`, in place: a value of its size may not fit a device's stack.
    ///
    /// # Errors
    /// [`QuantizeError`] if a weight, a bias or an output cannot be represented; `small` is then of no use.
    fn quantize<S: Scaling>(
        &self,
        small: &mut Self::Int8<S>,
        ranges: &Self::Ranges,
        given: Given,
        path: Path<'_>,
    ) -> Result<(), QuantizeError>;
    /// Returns one unit of the output of the part in integers: 2⁻¹⁵, unless an output can be outside of ±1.
    fn output_unit(&self, _ranges: &Self::Ranges, _given: Given) -> f32 {
        OUTPUT_UNIT
    }
}

/// Units that a part in integers shares with the parts around it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Given {
    /// One unit of its input, where that comes from another part in integers.
    pub input: Option<f32>,
    /// Smallest unit of its output, where that is not the same for all weights.
    pub output: f32,
}

/// Largest absolute values of a cell's input and output.
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
    /// Notes an input and an output.
    fn note(&mut self, input: f32, output: f32) {
        *self = Self { input: larger(self.input, input), output: larger(self.output, output) };
    }

    /// Notes the inputs and outputs of a sequence.
    fn note_all<const I: usize, const H: usize>(&mut self, xs: &[impl Input<f32, I>], outputs: &[[f32; H]]) {
        xs.iter().zip(outputs).for_each(|(x, y)| self.note(x.magnitude(), f32::largest(y)));
    }

    /// One unit of the input.
    fn input_unit(&self, given: Given) -> f32 {
        given.input.unwrap_or_else(|| unit(self.input))
    }
}

/// Makes a step with notes.
fn observe_step<P: Quantize<X>, X>(
    part: &P,
    ranges: &mut P::Ranges,
    state: &mut P::State,
    x: &X,
) -> Result<P::Output, SequenceError> {
    let mut room = P::Room::<1>::ZERO;
    part.observe::<1>(ranges, state, slice::from_ref(x), &mut room)?;
    Ok(*P::output(state))
}

/// Returns the unit in which `largest` is 32,767. It has a reciprocal even if `largest` is 0.
fn unit(largest: f32) -> f32 {
    larger(largest, 1e-30) / f32::from(i16::MAX)
}

/// One unit of the outputs of linear maps without bounds, up to `largest`. It is large enough for scales to hold the largest
/// weight, one unit of whose input is `input`, and for 16 bits to hold the largest bias, where sums have a quarter of this unit.
fn output_unit(largest: f32, (weight, input): (f32, f32), bias: f32) -> f32 {
    larger(unit(largest), larger(weight / 127.0 * input * 16.5, bias / 32_764.0))
}

/// The unit of a layer's outputs, which have to be finite.
fn finite(unit: f32, path: &Path<'_>) -> Result<f32, QuantizeError> {
    if unit.is_finite() { Ok(unit) } else { Err(QuantizeError::NonFiniteOutput { layer: TensorName::from(path) }) }
}

/// Returns 2^−`bits`.
const fn power(bits: u32) -> f32 {
    1.0 / (1u32 << bits) as f32
}

/// One unit of the argument of a gate.
const ARGUMENT_UNIT: f32 = power(ARGUMENT);
/// One unit of the output of a tanh cell.
const OUTPUT_UNIT: f32 = power(UNIT);

/// Units for a sum of products: those of the input and of the scaled sum.
#[derive(Clone, Copy)]
struct Units {
    input: f32,
    sum: f32,
}

impl Units {
    /// Writes the weights of `G` gates, `[input][gate][unit]`, in integers, and their scales.
    fn product<const N: usize, const H: usize, const G: usize, S: Scaling>(
        self,
        (weights, scales): (&mut Weights<N, H, G>, &mut Scales<H, G, S>),
        w: &[[[f32; H]; G]],
        path: Path<'_>,
    ) -> Result<(), QuantizeError> {
        self.scales::<H, G, S>(scales, w, path, |[gate, unit, input], w| weights.set(gate, unit, input, w))
    }

    /// Writes the scales of the weights of `G` gates, `[input][gate][unit]`, and passes each weight in integers to `set`.
    fn scales<const H: usize, const G: usize, S: Scaling>(
        self,
        scales: &mut Scales<H, G, S>,
        w: &[[[f32; H]; G]],
        path: Path<'_>,
        mut set: impl FnMut([usize; 3], i8),
    ) -> Result<(), QuantizeError> {
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
                        set([gate, unit, input], self.rounded(w, *scale));
                    }
                }
            }
        }
        Ok(())
    }

    /// Returns the scale with which the largest of these weights is 127.
    fn scale(self, weights: impl Iterator<Item = f32>) -> Result<Scale, f32> {
        let factor = weights.fold(0.0, |most, w| larger(most, w.abs())) / 127.0 * (self.input / self.sum);
        Scale::covering(factor).ok_or(factor)
    }

    /// Returns a weight as a multiple of its scale, rounded to the nearest.
    fn rounded(self, w: f32, scale: Scale) -> i8 {
        let step = scale.factor() * (self.sum / self.input);
        // A scale of 0 has weights of 0 alone.
        if step > 0.0 { rounded(w / step).clamp(-127, 127) as i8 } else { 0 }
    }
}

/// Returns the weights of some units of a gate.
fn of_gate<const H: usize, const G: usize>(gates: &[[f32; H]; G], gate: usize, units: ops::Range<usize>) -> &[f32] {
    gates.get(gate).map_or(&[], |weights| part(weights, units))
}

/// Returns the biases of a gate, summed over all bias vectors, in units of `unit`.
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
    /// Takes the weights of `dense` in integers; one unit of the input is `input`.
    fn put(&mut self, dense: &crate::Dense<H, K>, input: f32, path: Path<'_>) -> Result<(), QuantizeError> {
        // A quarter of the largest weight's scale, so that a Scale holds it, and 2³⁰ units hold the largest bias.
        let least =
            larger(f32::largest(dense.w.as_flattened()) / 127.0 * input * 4.5, f32::largest(&dense.b) * power(30));
        let exponent = (0..=HIGHEST - LOWEST).map(|down| HIGHEST - down).find(|&bits| unit_of(bits) >= least);
        let exponent = exponent.unwrap_or(LOWEST);
        let shifts = (0..15).find(|&shift| f32::largest(&dense.b) / (unit_of(exponent - shift)) <= f32::from(i16::MAX));
        let shift = shifts.unwrap_or(15);
        let Self { w, scale, b, bias_shift, exponent: bits } = self;
        Units { input, sum: unit_of(exponent) }.product::<H, K, 1, S>(
            (w, scale),
            dense.w.as_chunks().0,
            path.at("w"),
        )?;
        *b = biases([dense.b].into_iter(), unit_of(exponent - shift), path.at("b"))?;
        (*bias_shift, *bits) = (U16::new(shift as u16), I16::new(exponent));
        Ok(())
    }
}
