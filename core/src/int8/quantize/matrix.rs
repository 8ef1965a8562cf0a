//! Matrices of `f32`, put into integers.

use super::{ARGUMENT_UNIT, Units, finite, unit};
use crate::cell;
use crate::error::QuantizeError;
use crate::int8::{Factors, Matrix, Scaling};
use crate::math::{Scalar, larger};
use crate::parameters::Path;

impl<const N: usize, const H: usize, S: Scaling> Matrix<N, H, S> {
    /// Takes these weights in integers: one unit of the input is `input`, of the product `sum`.
    pub(super) fn put(
        &mut self,
        w: &[[f32; H]; N],
        [input, sum]: [f32; 2],
        path: Path<'_>,
    ) -> Result<(), QuantizeError> {
        Units { input, sum }.product::<N, H, 1, S>((&mut self.w, &mut self.scale), w.as_chunks().0, path)
    }

    /// Takes these weights in integers; the product is an argument of a gate.
    pub(crate) fn put_gate(&mut self, w: &[[f32; H]; N], input: f32, path: Path<'_>) -> Result<(), QuantizeError> {
        self.put(w, [input, ARGUMENT_UNIT], path)
    }
}

impl<const I: usize, const R: usize, const H: usize, S: Scaling> Factors<I, R, H, S> {
    /// Takes these weights in integers; the largest number between the two matrices is `largest`.
    pub(crate) fn put(
        &mut self,
        w: &cell::Factors<f32, I, R, H>,
        largest: f32,
        input: f32,
        path: Path<'_>,
    ) -> Result<(), QuantizeError> {
        // Large enough for a Scale to hold the largest weight.
        let least = f32::largest(w.down.as_flattened()) / 127.0 * input * 4.5;
        let between = finite(larger(unit(largest), least), &path)?;
        self.down.put(&w.down, [input, between], path.at("down"))?;
        self.up.put_gate(&w.up, between, path.at("up"))
    }
}
