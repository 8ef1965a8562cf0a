//! Bidirectional layers of `f32`, put into integers.

use super::{Given, Quantize, observe_step};
use crate::error::{QuantizeError, SequenceError};
use crate::int8::Scaling;
use crate::layer::{Bidirectional, Directions, Join, join};
use crate::math::larger;
use crate::parameters::{Path, TensorName};
use crate::part::{Step, places};

/// Both directions have one unit, the larger one. A cell that has no other unit than 2⁻¹⁵, such as a GRU, goes with cells alone
/// that have the same.
impl<F, B, J, X> Quantize<X> for Bidirectional<F, B, J>
where
    F: Quantize<X> + Step<X>,
    B: Quantize<X, Output = F::Output> + Step<X>,
    J: Join<F::Output>,
{
    type Int8<S: Scaling> = Bidirectional<F::Int8<S>, B::Int8<S>, J>;
    type Ranges = Directions<F::Ranges, B::Ranges>;
    fn observe<'r, const T: usize>(
        &self,
        ranges: &mut Self::Ranges,
        state: &mut Self::State,
        xs: &[X],
        room: &'r mut [J::Output; T],
    ) -> Result<&'r [J::Output], SequenceError> {
        let room = places(room, xs.len())?;
        for (x, output) in xs.iter().zip(room.iter_mut()) {
            *output = J::begin(&observe_step(&self.forward, &mut ranges.forward, &mut state.forward, x)?);
        }
        for (x, output) in xs.iter().zip(room.iter_mut()).rev() {
            J::complete(output, &observe_step(&self.backward, &mut ranges.backward, &mut state.backward, x)?);
        }
        join::<F, B, J>(state);
        Ok(room)
    }
    fn quantize<S: Scaling>(
        &self,
        small: &mut Self::Int8<S>,
        ranges: &Self::Ranges,
        given: Given,
        path: Path<'_>,
    ) -> Result<(), QuantizeError> {
        let ([f, b], given) = self.units(ranges, given);
        self.forward.quantize(&mut small.forward, &ranges.forward, given, path.at("forward"))?;
        self.backward.quantize(&mut small.backward, &ranges.backward, given, path.at("backward"))?;
        if f != b {
            return Err(QuantizeError::UnequalUnits { layer: TensorName::from(&path) });
        }
        Ok(())
    }
    fn output_unit(&self, ranges: &Self::Ranges, given: Given) -> f32 {
        let ([unit, _], _) = self.units(ranges, given);
        J::unit(unit)
    }
}

impl<F, B, J> Bidirectional<F, B, J> {
    /// One unit of the outputs of both directions, and the units given to both.
    fn units<X>(&self, ranges: &Directions<F::Ranges, B::Ranges>, given: Given) -> ([f32; 2], Given)
    where
        F: Quantize<X>,
        B: Quantize<X>,
    {
        let units = |given| {
            [self.forward.output_unit(&ranges.forward, given), self.backward.output_unit(&ranges.backward, given)]
        };
        let [f, b] = units(given);
        let given = Given { output: larger(f, b), ..given };
        (units(given), given)
    }
}
