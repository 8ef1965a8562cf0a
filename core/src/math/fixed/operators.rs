//! Operations on single numbers. None overflows, and none makes a finite number of one that is not.

use super::product::{product, rounded};
use super::{Fixed, Scalar};
use core::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign};

impl<const F: u32> Fixed<F> {
    /// A number that is not finite. Where operands do not tell its sign, as in ∞ − ∞ and 0 · ∞, the upper one: ReLU keeps it.
    const fn lost(is_negative: bool) -> Self {
        if is_negative { Self::LOWER } else { Self::UPPER }
    }

    const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Returns `true` unless both numbers are finite.
    #[inline(always)]
    fn either_lost(self, other: Self) -> bool {
        !(self.is_finite() && other.is_finite())
    }

    #[cold]
    #[inline(never)]
    fn lost_sum(self, other: Self) -> Self {
        let is = |sign: i32| [self, other].iter().any(|x| !x.is_finite() && x.0.signum() == sign);
        Self::lost(is(-1) && !is(1))
    }

    #[cold]
    #[inline(never)]
    fn lost_product(self, other: Self) -> Self {
        Self::lost(self.0.signum() * other.0.signum() < 0)
    }
}

impl<const F: u32> Add for Fixed<F> {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        if self.either_lost(other) {
            return self.lost_sum(other);
        }
        Self(self.0.saturating_add(other.0).max(Self::LOWER.0))
    }
}

impl<const F: u32> Sub for Fixed<F> {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl<const F: u32> Mul for Fixed<F> {
    type Output = Self;
    /// Rounded to the nearest; halves up.
    fn mul(self, other: Self) -> Self {
        if self.either_lost(other) {
            return self.lost_product(other);
        }
        Self::bounded(rounded(product(self.0, other.0), F))
    }
}

impl<const F: u32> Div for Fixed<F> {
    type Output = Self;
    /// Rounded to the nearest; halves away from 0. A number divided by 0 is not finite.
    fn div(self, other: Self) -> Self {
        let is_negative = self.is_negative() != other.is_negative();
        if self.either_lost(other) || other.0 == 0 {
            return Self::lost(if other.0 == 0 { self.is_negative() } else { is_negative });
        }
        let (a, b) = (u64::from(self.0.unsigned_abs()) << F, u64::from(other.0.unsigned_abs()));
        let size = (a + b / 2).checked_div(b).unwrap_or(0) as i64;
        Self::bounded(if is_negative { -size } else { size })
    }
}

impl<const F: u32> Rem for Fixed<F> {
    type Output = Self;
    /// Exact, with the sign of the dividend. The remainder of a division by 0 is not finite.
    fn rem(self, other: Self) -> Self {
        match self.0.checked_rem(other.0) {
            Some(rest) if !self.either_lost(other) => Self(rest),
            _ => Self::lost(self.is_negative()),
        }
    }
}

impl<const F: u32> Neg for Fixed<F> {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl<const F: u32> AddAssign for Fixed<F> {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl<const F: u32> SubAssign for Fixed<F> {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl<const F: u32> MulAssign for Fixed<F> {
    fn mul_assign(&mut self, other: Self) {
        *self = *self * other;
    }
}

impl<const F: u32> DivAssign for Fixed<F> {
    fn div_assign(&mut self, other: Self) {
        *self = *self / other;
    }
}

impl<const F: u32> RemAssign for Fixed<F> {
    fn rem_assign(&mut self, other: Self) {
        *self = *self % other;
    }
}
