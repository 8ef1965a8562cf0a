//! Quantization of `f32` stacks to integers, layer by layer.

use super::{Given, Quantize};
use crate::error::{QuantizeError, SequenceError};
use crate::int8::Scaling;
use crate::parameters::Path;
use crate::stacked::{Pair, Stacked};

impl<A, B, X> Quantize<X> for Stacked<A, B>
where
    A: Quantize<X>,
    B: Quantize<A::Output>,
{
    type Int8<S: Scaling> = Stacked<A::Int8<S>, B::Int8<S>>;
    type Ranges = Pair<A::Ranges, B::Ranges>;
    fn observe<'r, const T: usize>(
        &self,
        ranges: &mut Self::Ranges,
        state: &mut Self::State,
        xs: &[X],
        room: &'r mut Self::Room<T>,
    ) -> Result<&'r [Self::Output], SequenceError> {
        let read = self.lower.observe::<T>(&mut ranges.lower, &mut state.lower, xs, &mut room.lower)?;
        self.upper.observe::<T>(&mut ranges.upper, &mut state.upper, read, &mut room.upper)
    }
    fn quantize<S: Scaling>(
        &self,
        small: &mut Self::Int8<S>,
        ranges: &Self::Ranges,
        given: Given,
        path: Path<'_>,
    ) -> Result<(), QuantizeError> {
        let Stacked { lower, upper } = small;
        self.lower.quantize(lower, &ranges.lower, Given { output: 0.0, ..given }, path.at("lower"))?;
        self.upper.quantize(upper, &ranges.upper, between(&self.lower, &ranges.lower, given), path.at("upper"))
    }
    fn output_unit(&self, ranges: &Self::Ranges, given: Given) -> f32 {
        self.upper.output_unit(&ranges.upper, between(&self.lower, &ranges.lower, given))
    }
}

/// Units of the upper part, from those of the stack.
fn between<A: Quantize<X>, X>(lower: &A, ranges: &A::Ranges, given: Given) -> Given {
    Given { input: Some(lower.output_unit(ranges, Given { output: 0.0, ..given })), ..given }
}
