//! Parts of `f32` that stay in flash while others learn, put into integers.

use super::{Given, Quantize};
use crate::error::{QuantizeError, SequenceError};
use crate::frozen::Frozen;
use crate::int8::Scaling;
use crate::parameters::{Path, check_finite_at};

impl<C: Quantize<X>, X> Quantize<X> for Frozen<'_, C> {
    type Int8<S: Scaling> = C::Int8<S>;
    type Ranges = C::Ranges;
    fn observe<'r, const T: usize>(
        &self,
        ranges: &mut Self::Ranges,
        state: &mut Self::State,
        xs: &[X],
        room: &'r mut Self::Room<T>,
    ) -> Result<&'r [Self::Output], SequenceError> {
        self.0.observe::<T>(ranges, state, xs, room)
    }
    fn quantize<S: Scaling>(
        &self,
        small: &mut Self::Int8<S>,
        ranges: &Self::Ranges,
        given: Given,
        path: Path<'_>,
    ) -> Result<(), QuantizeError> {
        // They are not among the network's parameters.
        check_finite_at(self.0, path).map_err(QuantizeError::NonFiniteWeight)?;
        self.0.quantize(small, ranges, given, path)
    }
    fn output_unit(&self, ranges: &Self::Ranges, given: Given) -> f32 {
        self.0.output_unit(ranges, given)
    }
}
