//! Compensated summation (Kahan 1965).

use crate::math::{Scalar, Zero};

/// Running sum that stores its rounding error and subtracts it from the next value. The error of the sum stays
/// below 2 u Σ|x| + O(n u²) Σ|x|, with u = 2⁻²⁴ for `f32`; that of a plain sum of n values grows with n u.
///
/// NaN stays NaN; an infinite value makes the sum NaN.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(crate) struct Sum<T> {
    /// Rounded sum.
    pub total: T,
    /// Rounding error of the total, to be subtracted from the next value.
    pub excess: T,
}

impl<T: Scalar> Zero for Sum<T> {
    const ZERO: Self = Self { total: T::ZERO, excess: T::ZERO };
}

impl<T: Scalar> Sum<T> {
    pub fn add(&mut self, x: T) {
        let x = x - self.excess;
        let total = self.total + x;
        self.excess = (total - self.total) - x;
        self.total = total;
    }

    pub fn merge(&mut self, other: &Self) {
        self.add(-other.excess);
        self.add(other.total);
    }
}
