//! Compensated summation (Kahan 1965).

use crate::math::{Scalar, Zero};

/// A running sum that keeps what rounding adds to it and takes it off the next number: the error stays below
/// 2 u Σ|x| + O(n u²) Σ|x|, u = 2⁻²⁴ for `f32`, where that of a plain sum of n numbers grows with n u.
///
/// NaN stays NaN; an infinite number makes it NaN.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(crate) struct Sum<T> {
    /// The sum, rounded.
    pub total: T,
    /// Rounding error in the total that is still to be subtracted.
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
