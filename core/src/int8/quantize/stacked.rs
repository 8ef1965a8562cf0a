//! Stacks of `f32`, put into integers layer by layer.

use super::Quantize;
use crate::error::QuantizeError;
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
    fn observe(&self, ranges: &mut Self::Ranges, state: &mut Self::State, x: &X) {
        self.lower.observe(&mut ranges.lower, &mut state.lower, x);
        self.upper.observe(&mut ranges.upper, &mut state.upper, A::output(&state.lower));
    }
    fn quantize<S: Scaling>(
        &self,
        ranges: &Self::Ranges,
        given: Option<f32>,
        path: Path<'_>,
    ) -> Result<Self::Int8<S>, QuantizeError> {
        let lower = self.lower.quantize(&ranges.lower, given, path.at("lower"))?;
        let given = Some(A::output_unit(&ranges.lower));
        Ok(Stacked { lower, upper: self.upper.quantize(&ranges.upper, given, path.at("upper"))? })
    }
    fn output_unit(ranges: &Self::Ranges) -> f32 {
        B::output_unit(&ranges.upper)
    }
}
