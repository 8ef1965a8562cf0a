//! Matrices of `f32`, put into integers.

use super::{ARGUMENT_UNIT, Units, finite, unit};
use crate::cell;
use crate::error::QuantizeError;
use crate::int8::{Factors, Matrix, Scaling};
use crate::math::{Scalar, larger};
use crate::parameters::Path;

impl<const N: usize, const H: usize, S: Scaling> Matrix<N, H, S> {
    /// The matrix in integers: one unit of its input is `input`, of its product `sum`.
    pub(super) fn of(w: &[[f32; H]; N], [input, sum]: [f32; 2], path: Path<'_>) -> Result<Self, QuantizeError> {
        let (w, scale) = Units { input, sum }.product::<N, H, 1, S>(w.as_chunks().0, path)?;
        Ok(Self { w, scale })
    }

    /// The matrix in integers, whose product is an argument of a gate.
    pub(crate) fn of_gate(w: &[[f32; H]; N], input: f32, path: Path<'_>) -> Result<Self, QuantizeError> {
        Self::of(w, [input, ARGUMENT_UNIT], path)
    }
}

impl<const I: usize, const R: usize, const H: usize, S: Scaling> Factors<I, R, H, S> {
    /// The product in integers, the largest number between the two matrices of which is `largest`.
    pub(crate) fn of(
        w: &cell::Factors<f32, I, R, H>,
        largest: f32,
        input: f32,
        path: Path<'_>,
    ) -> Result<Self, QuantizeError> {
        // Large enough for a Scale to hold the largest weight.
        let least = f32::largest(w.down.as_flattened()) / 127.0 * input * 4.5;
        let between = finite(larger(unit(largest), least), &path)?;
        let down = Matrix::of(&w.down, [input, between], path.at("down"))?;
        Ok(Self { down, up: Matrix::of_gate(&w.up, between, path.at("up"))? })
    }
}
