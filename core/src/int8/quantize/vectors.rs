//! Layers without memory of `f32`, put into integers.

use super::{Given, Quantize, Range, Units, biases, finite, output_unit, unit};
use crate::error::QuantizeError;
use crate::input::{Input, Token};
use crate::int8::{self, Scaling};
use crate::math::{Math, Scalar, larger};
use crate::parameters::Path;
use crate::{Embedding, Projection};
use zerocopy::little_endian::F32;

/// The table has every vector, so there is nothing to note.
impl<const V: usize, const E: usize, M: Math<Scalar = f32>> Quantize<Token<V>> for Embedding<V, E, M> {
    type Int8<S: Scaling> = int8::Embedding<V, E, S>;
    type Ranges = ();
    fn quantize<S: Scaling>(
        &self,
        small: &mut Self::Int8<S>,
        (): &(),
        given: Given,
        path: Path<'_>,
    ) -> Result<(), QuantizeError> {
        let units = Units { input: int8::Embedding::<V, E, S>::ELEMENT_UNIT, sum: self.output_unit(&(), given) };
        let int8::Embedding { table, scale } = small;
        units.scales::<E, 1, S>(scale, self.table.as_chunks().0, path.at("table"), |[_, element, symbol], w| {
            let place = table.get_mut(symbol).and_then(|vector| vector.get_mut(element));
            place.into_iter().for_each(|place| *place = w);
        })
    }
    fn output_unit(&self, (): &(), given: Given) -> f32 {
        larger(unit(f32::largest(self.table.as_flattened())), given.output)
    }
}

impl<const I: usize, const E: usize, M, X> Quantize<X> for Projection<I, E, M>
where
    M: Math<Scalar = f32>,
    X: Input<f32, I>,
{
    type Int8<S: Scaling> = int8::Projection<I, E, S>;
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
        let input = ranges.input_unit(given);
        let output = finite(Quantize::<X>::output_unit(self, ranges, given), &path)?;
        small.linear.put(&self.linear.w, [input, output / 4.0], path.at("w"))?;
        small.b = biases([self.linear.b].into_iter(), output, path.at("b"))?;
        small.resolution = F32::new(1.0 / input);
        Ok(())
    }
    fn output_unit(&self, ranges: &Range, given: Given) -> f32 {
        let weight = f32::largest(self.linear.w.as_flattened());
        let bias = f32::largest(&self.linear.b);
        larger(output_unit(ranges.output, (weight, ranges.input_unit(given)), bias), given.output)
    }
}
