use crate::math::{Scalar, Zero};
use zerocopy::FromZeros;

/// Record of a step of a layer without memory, whose state is nothing but its last output.
#[derive(Clone, Copy, Debug, FromZeros)]
pub struct Passed<T, const E: usize> {
    /// Output vector.
    pub(super) vector: [T; E],
    /// After the backward pass, the gradient of the vector.
    pub(super) delta: [T; E],
}

impl<T: Scalar, const E: usize> Zero for Passed<T, E> {
    const ZERO: Self = Self { vector: [T::ZERO; E], delta: [T::ZERO; E] };
}

impl<T: Scalar, const E: usize> Passed<T, E> {
    /// Stores δ_t = ∂L/∂y_t, and sets `gradient` to zero, since no gradient reaches the previous step.
    pub(super) fn back(&mut self, gradient: &mut [T; E]) {
        self.delta = core::mem::replace(gradient, Zero::ZERO);
    }
}
