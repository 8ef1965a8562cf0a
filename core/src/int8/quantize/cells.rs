//! Quantization of `f32` cells to integers.

use super::{ARGUMENT_UNIT, BIAS, Given, OUTPUT_UNIT, Quantize, Range, Units, biases, finite, output_unit, power};
use crate::cell::{Activation, Affine, Form, Tanh};
use crate::error::QuantizeError;
use crate::input::Input;
use crate::int8::{self, Scaling};
use crate::math::{Math, Scalar, larger};
use crate::parameters::Path;
use crate::{Elman, Gru, Lstm, Mgu};
use zerocopy::little_endian::{F32, I16};

/// Units of a cell's values: its input, its state, the argument of a gate, and a bias.
struct Quanta {
    input: f32,
    state: f32,
    argument: f32,
    bias: f32,
}

impl Quanta {
    /// Returns the units of a cell whose state is within ±1.
    fn bounded(input: f32) -> Self {
        Self { input, state: OUTPUT_UNIT, argument: ARGUMENT_UNIT, bias: power(BIAS) }
    }

    /// Units of a cell whose state has the unit `state`.
    fn of(input: f32, state: f32, bounded: bool) -> Self {
        if bounded { Self::bounded(input) } else { Self { input, state, argument: state / 4.0, bias: state } }
    }

    /// Writes the affine map with the biases `vectors`.
    fn affine<const I: usize, const H: usize, const G: usize, const B: usize, const V: usize, S: Scaling>(
        &self,
        small: &mut int8::Affine<I, H, G, V, S>,
        map: &Affine<f32, I, H, G, B>,
        vectors: [[I16; H]; V],
        path: &Path<'_>,
    ) -> Result<(), QuantizeError> {
        let int8::Affine { w_ih, w_hh, scale_ih, scale_hh, b, resolution } = small;
        let units = |input| Units { input, sum: self.argument };
        units(self.input).product::<I, H, G, S>((w_ih, scale_ih), &map.w_ih, path.at("w_ih"))?;
        units(self.state).product::<H, H, G, S>((w_hh, scale_hh), &map.w_hh, path.at("w_hh"))?;
        (*b, *resolution) = (vectors, F32::new(1.0 / self.input));
        Ok(())
    }

    /// Returns the biases of each gate, summed over all bias vectors.
    fn biases<const I: usize, const H: usize, const G: usize, const B: usize>(
        &self,
        map: &Affine<f32, I, H, G, B>,
        path: &Path<'_>,
    ) -> Result<[[I16; H]; G], QuantizeError> {
        let mut all = [[I16::ZERO; H]; G];
        for (gate, b) in all.iter_mut().enumerate() {
            let vectors = map.b.iter().filter_map(|vector| vector.get(gate)).copied();
            *b = biases(vectors, self.bias, path.at("b"))?;
        }
        Ok(all)
    }
}

impl<const I: usize, const H: usize, M, const B: usize, A, X> Quantize<X> for Elman<I, H, M, B, A>
where
    M: Math<Scalar = f32>,
    A: Activation,
    X: Input<f32, I>,
{
    type Int8<S: Scaling> = int8::Elman<I, H, S, A>;
    type Ranges = Range;
    fn note(ranges: &mut Range, xs: &[X], outputs: &[Self::Output]) {
        ranges.note_all(xs, outputs);
    }
    fn quantize<S: Scaling>(
        &self,
        small: &mut Self::Int8<S>,
        ranges: &Range,
        given: Given,
        path: Path<'_>,
    ) -> Result<(), QuantizeError> {
        let state = finite(Quantize::<X>::output_unit(self, ranges, given), &path)?;
        let quanta = Quanta::of(ranges.input_unit(given), state, A::BOUNDED);
        let b = quanta.biases(&self.affine, &path)?;
        quanta.affine(&mut small.affine, &self.affine, b, &path)
    }
    fn output_unit(&self, ranges: &Range, given: Given) -> f32 {
        if A::BOUNDED {
            return OUTPUT_UNIT;
        }
        let weight = f32::largest(self.affine.w_ih.as_flattened().as_flattened());
        let bias = self.affine.b.iter().map(|b| f32::largest(b.as_flattened())).sum();
        larger(output_unit(ranges.output, (weight, ranges.input_unit(given)), bias), given.output)
    }
}

impl<const I: usize, const H: usize, M, const B: usize, F, X> Quantize<X> for Gru<I, H, M, B, F, Tanh>
where
    M: Math<Scalar = f32>,
    F: Form,
    X: Input<f32, I>,
{
    type Int8<S: Scaling> = int8::Gru<I, H, S, F>;
    type Ranges = Range;
    fn note(ranges: &mut Range, xs: &[X], outputs: &[Self::Output]) {
        ranges.note_all(xs, outputs);
    }
    fn quantize<S: Scaling>(
        &self,
        small: &mut Self::Int8<S>,
        ranges: &Range,
        given: Given,
        path: Path<'_>,
    ) -> Result<(), QuantizeError> {
        let quanta = Quanta::bounded(ranges.input_unit(given));
        let [b_r, b_z, b_n] = quanta.biases(&self.affine, &path)?;
        let (b_in, b_hn) = match self.affine.b.as_slice() {
            // Reset after: the second vector of n is multiplied by r.
            [[.., first], [.., second]] => {
                let vector = |b: &[f32; H]| biases([*b].into_iter(), quanta.bias, path.at("b"));
                (vector(first)?, vector(second)?)
            }
            _ => (b_n, [I16::ZERO; H]),
        };
        quanta.affine(&mut small.affine, &self.affine, [b_r, b_z, b_in, b_hn], &path)
    }
}

impl<const I: usize, const H: usize, M, const B: usize, X> Quantize<X> for Lstm<I, H, M, B>
where
    M: Math<Scalar = f32>,
    X: Input<f32, I>,
{
    type Int8<S: Scaling> = int8::Lstm<I, H, S>;
    type Ranges = Range;
    fn note(ranges: &mut Range, xs: &[X], outputs: &[Self::Output]) {
        ranges.note_all(xs, outputs);
    }
    fn quantize<S: Scaling>(
        &self,
        small: &mut Self::Int8<S>,
        ranges: &Range,
        given: Given,
        path: Path<'_>,
    ) -> Result<(), QuantizeError> {
        let quanta = Quanta::bounded(ranges.input_unit(given));
        let b = quanta.biases(&self.affine, &path)?;
        quanta.affine(&mut small.affine, &self.affine, b, &path)
    }
}

impl<const I: usize, const H: usize, M, const B: usize, X> Quantize<X> for Mgu<I, H, M, B>
where
    M: Math<Scalar = f32>,
    X: Input<f32, I>,
{
    type Int8<S: Scaling> = int8::Mgu<I, H, S>;
    type Ranges = Range;
    fn note(ranges: &mut Range, xs: &[X], outputs: &[Self::Output]) {
        ranges.note_all(xs, outputs);
    }
    fn quantize<S: Scaling>(
        &self,
        small: &mut Self::Int8<S>,
        ranges: &Range,
        given: Given,
        path: Path<'_>,
    ) -> Result<(), QuantizeError> {
        let quanta = Quanta::bounded(ranges.input_unit(given));
        let b = quanta.biases(&self.affine, &path)?;
        quanta.affine(&mut small.affine, &self.affine, b, &path)
    }
}
