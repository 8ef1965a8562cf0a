//! Conversions from and to floats, in integers: a processor without a floating-point unit needs no functions for them.

use super::Fixed;

impl<const F: u32> Fixed<F> {
    /// Returns the nearest number, halves away from 0; not finite if `value` is NaN, infinite or out of range. NaN becomes
    /// [`UPPER`](Self::UPPER).
    #[must_use]
    pub const fn of(value: f64) -> Self {
        let bits = value.to_bits();
        let (exponent, fraction) = ((bits >> 52 & 0x7ff) as i32, bits & ((1 << 52) - 1));
        if exponent == 0x7ff {
            return Self::endless(bits >> 63 == 1 && fraction == 0);
        }
        Self::signed(bits >> 63 == 1, size(1 << 52 | fraction, 1075 - exponent - F as i32))
    }

    pub(super) const fn nearest(value: f32) -> Self {
        let bits = value.to_bits();
        let (exponent, fraction) = ((bits >> 23 & 0xff) as i32, bits & ((1 << 23) - 1));
        if exponent == 0xff {
            return Self::endless(bits >> 31 == 1 && fraction == 0);
        }
        Self::signed(bits >> 31 == 1, size((1 << 23 | fraction) as u64, 150 - exponent - F as i32))
    }

    const fn endless(is_negative: bool) -> Self {
        if is_negative { Self::LOWER } else { Self::UPPER }
    }

    const fn signed(is_negative: bool, size: i64) -> Self {
        Self::bounded(if is_negative { -size } else { size })
    }

    /// The nearest `f32`; ±∞ for a number that is not finite.
    pub(super) const fn single(self) -> f32 {
        match self.0 {
            i32::MAX => f32::INFINITY,
            ..=BELOW => f32::NEG_INFINITY,
            // A power of two, so that the product is exact.
            finite => finite as f32 * f32::from_bits((127 - F) << 23),
        }
    }
}

/// Largest of the numbers that are not finite and below 0.
const BELOW: i32 = -i32::MAX;

/// mantissa / 2ˢ with s = `shift`, rounded to the nearest, halves up; beyond 32 bits any number that is too. The leading bit of
/// a number that is denormal, which has none, does not matter: it is 0 anyway.
const fn size(mantissa: u64, shift: i32) -> i64 {
    match shift {
        55.. => 0,
        1.. => ((mantissa + (1 << (shift - 1))) >> shift) as i64,
        -9.. => (mantissa << -shift) as i64,
        _ => i64::MAX,
    }
}
