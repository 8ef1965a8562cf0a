//! The functions, in integers with 30 fraction bits.

use super::product::{product, rounded, scaled};
use super::{Fixed, Scalar};
use crate::math::Math;
use crate::present::number;

/// Fraction bits within a function.
const BITS: u32 = 30;
/// 1 with these bits.
const ONE: i32 = 1 << BITS;
/// log₂ e with [`BITS`] bits.
const LOG2_E: i32 = 1_549_082_005;
/// ln 2 with 40 fraction bits.
const LN_2: i64 = 762_123_384_786;
/// √2 with [`BITS`] bits.
const SQRT_2: i32 = 1_518_500_250;
/// 2ᶠ for |f| ≤ ½ in f, constant term first: our own minimax polynomial in the relative error, 2.5e-9.
const POWER: [i32; 7] = [1_073_741_825, 744_261_145, 257_941_207, 59_596_201, 10_327_774, 1_438_807, 164_774];
/// artanh s / s in s², constant term first: 1, 1/3, 1/5, 1/7, 1/9.
const ARTANH: [i32; 5] = [ONE, ONE / 3, ONE / 5, ONE / 7, ONE / 9];

/// Base-two logarithm of the table's intervals per unit.
const PER_UNIT: u32 = 5;
/// Index of the last entry: at 9.25, where 1 − tanh is below half of the last bit of [`Fixed`] with 24.
const LAST: usize = 37 << (PER_UNIT - 2);
/// tanh with [`BITS`] bits, from 0 on. 1,188 bytes.
static TANH: [i32; LAST + 1] = {
    let (mut table, mut index) = ([0; LAST + 1], 0);
    while index <= LAST {
        if let Some((_, [place, ..])) = table.split_at_mut_checked(index) {
            let y = crate::int8::exact_tanh(index as f64 / (1 << PER_UNIT) as f64);
            *place = (y * ONE as f64 + 0.5) as i32;
        }
        index += 1;
    }
    table
};

/// c₀ + u (c₁ + u (c₂ + ...)), all with [`BITS`] bits.
#[inline(always)]
fn polynomial<const N: usize>(u: i32, coefficients: [i32; N]) -> i32 {
    coefficients.into_iter().rev().fold(0, |sum, c| c + scaled(u, sum, BITS))
}

/// tanh |x| with [`BITS`] bits, given |x| with `bits` fraction bits: Taylor's polynomial of the third degree about the nearest
/// entry of the table, whose derivatives follow from its value.
fn tanh(x: u32, bits: u32) -> i32 {
    let step = bits - PER_UNIT;
    let index = (x.saturating_add(1 << (step - 1)) >> step) as usize;
    if index > LAST {
        return ONE;
    }
    let y = number(&TANH, index);
    // At most half an interval, on either side.
    let d = (x as i32 - ((index as i32) << step)) << (BITS - bits);
    let square = scaled(y, y, BITS);
    let slope = ONE - square;
    let (second, third) = (-scaled(y, slope, BITS), scaled(slope, square - ONE / 3, BITS));
    (y + scaled(d, slope + scaled(d, second + scaled(d, third, BITS), BITS), BITS)).min(ONE)
}

/// x / 2ˢ with s = `shift` above 0, rounded to the nearest, for a result with a shift that is constant.
const fn shortened(x: u32, shift: u32) -> i32 {
    ((x + (1 << (shift - 1))) >> shift) as i32
}

impl<const F: u32> Math for Fixed<F> {
    type Scalar = Self;
    /// eˣ = 2ᵏ 2ᶠ with |f| ≤ ½.
    fn exp(x: Self) -> Self {
        let power = product(x.0, LOG2_E);
        let k = rounded(power, F + BITS) as i32;
        let f = ((power - (i64::from(k) << (F + BITS))) >> F) as i32;
        let places = (BITS - F) as i32 - k;
        match (polynomial(f, POWER), places) {
            (_, 32..) => Self(0),
            (significand, 1..) => Self(shortened(significand as u32, places as u32)),
            (significand, 0) => Self(significand),
            (significand @ ..ONE, -1) => Self(significand << 1),
            _ => Self::MAX,
        }
    }
    /// ln x = k ln 2 + ln m with m from √½ up to √2, and ln m = 2 artanh s with s = (m − 1) / (m + 1).
    fn ln(x: Self) -> Self {
        if x.0 <= 0 || !x.is_finite() {
            return if x.0 == 0 { Self::LOWER } else { Self::UPPER };
        }
        let lead = x.0.leading_zeros();
        let (mut m, mut k) = (x.0 << (lead - 1), 31 - lead as i32 - F as i32);
        if m > SQRT_2 {
            (m, k) = (m >> 1, k + 1);
        }
        let (over, under) = (i64::from(m - ONE) << BITS, i64::from(m) + i64::from(ONE));
        let s = over.checked_div(under).unwrap_or(0) as i32;
        let half = scaled(s, polynomial(scaled(s, s, BITS), ARTANH), BITS);
        let whole = (i64::from(k) * LN_2) >> (40 - BITS);
        Self(rounded(whole + 2 * i64::from(half), BITS - F) as i32)
    }
    fn tanh(x: Self) -> Self {
        let y = shortened(tanh(x.0.unsigned_abs(), F) as u32, BITS - F);
        Self(if x.0 < 0 { -y } else { y })
    }
    /// (1 + tanh(x/2)) / 2: half of x has the same bits, one more of which are a fraction.
    fn sigmoid(x: Self) -> Self {
        let (one, y) = (ONE.unsigned_abs(), tanh(x.0.unsigned_abs(), F + 1).unsigned_abs());
        Self(shortened(if x.0 < 0 { one - y } else { one + y }, BITS + 1 - F))
    }
    /// Correctly rounded.
    fn sqrt(x: Self) -> Self {
        if x.0 < 0 || !x.is_finite() {
            return Self::UPPER;
        }
        let square = u64::from(x.0.unsigned_abs()) << F;
        let root = square.isqrt();
        Self::bounded((root + u64::from(square - root * root > root)) as i64)
    }
}
