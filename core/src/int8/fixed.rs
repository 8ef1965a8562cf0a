//! Arithmetic on fixed-point numbers.

use zerocopy::little_endian::I16;

/// Fraction bits of the argument of a gate.
pub(super) const ARGUMENT: u32 = 13;
/// Fraction bits of a bias.
pub(super) const BIAS: u32 = 11;
/// Fraction bits of a gate, and of the output of a tanh cell.
pub(super) const UNIT: u32 = 15;
/// Number 1 with [`UNIT`] fraction bits.
pub(super) const ONE: i32 = 1 << UNIT;

/// Returns a · b / 2³², rounded to the nearest, halves up. `b` must not be negative.
///
/// With |a| < 2³¹ and b < 2³⁰ the result is below 2²⁹, so three results add up without overflow.
#[inline(always)]
pub(super) const fn scaled(a: i32, b: i32) -> i32 {
    if cfg!(long_multiply) { whole(a, b) } else { by_halves(a, b) }
}

#[inline(always)]
const fn whole(a: i32, b: i32) -> i32 {
    ((a as i64 * b as i64 + (1 << 31)) >> 32) as i32
}

/// Returns the same as `whole`, from 16-bit halves: for a 64-bit product, a Cortex-M0 calls a function of 37
/// instructions.
#[inline(always)]
const fn by_halves(a: i32, b: i32) -> i32 {
    let (high_a, low_a) = (a >> 16, a as u32 & 0xffff);
    let (high_b, low_b) = (b >> 16, b as u32 & 0xffff);
    let inner = high_a * low_b as i32 + ((low_a * low_b) >> 16) as i32;
    let middle = low_a as i32 * high_b + (inner & 0xffff);
    high_a * high_b + (inner >> 16) + ((middle + (1 << 15)) >> 16)
}

// Both have the same bits: for every sign and size, beside powers of two, and for numbers between.
const _: () = {
    let (mut n, mut a) = (0, 0_u32);
    while n < 3000 {
        a = a.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let beside = (1_i32 << (n % 31)).wrapping_add(n % 3 - 1);
        let mut rest: &[u32] = &[a & 0x3fff_ffff, 1 << (n / 31 % 30), (1 << 30) - 1, 0, 1];
        while let [b, more @ ..] = rest {
            let b = *b as i32;
            assert!(by_halves(a as i32, b) == whole(a as i32, b) && by_halves(beside, b) == whole(beside, b));
            assert!(by_halves(-beside, b) == whole(-beside, b) && by_halves(i32::MIN, b) == whole(i32::MIN, b));
            rest = more;
        }
        n += 1;
    }
};

/// Returns the product of a number below 2³⁰ and a gate.
#[inline(always)]
pub(super) const fn gated(a: i32, gate: i16) -> i32 {
    scaled(a << 1, (gate as i32) << (31 - UNIT))
}

/// Returns the nearest 16-bit number except the smallest, so that the range is the same on both sides of 0.
#[inline(always)]
pub(super) fn saturate(a: i32) -> i16 {
    a.clamp(-i32::from(i16::MAX), i32::from(i16::MAX)) as i16
}

/// An argument in units of four: a number of a part without bounds, arguments of which have two fraction bits more.
pub(crate) fn quarter(a: i32) -> i16 {
    saturate((a + 2) >> 2)
}

/// Returns a bias in the units of a gate's argument.
#[inline(always)]
pub(super) fn argument(bias: I16) -> i32 {
    i32::from(bias.get()) << (ARGUMENT - BIAS)
}

/// Returns (1 − gate) · a + gate · b, rounded to the nearest; the result lies between a and b.
#[inline(always)]
pub(super) fn between(gate: i16, a: i16, b: i16) -> i16 {
    let [gate, a, b] = [gate, a, b].map(i32::from);
    (((ONE - gate) * a + gate * b + ONE / 2) >> UNIT) as i16
}

/// (a + b) / 2, rounded to the nearest; halves up.
pub(crate) fn mean(a: i16, b: i16) -> i16 {
    ((i32::from(a) + i32::from(b) + 1) >> 1) as i16
}

/// a · b / 2¹⁵, rounded to the nearest.
pub(crate) fn multiplied(a: i16, b: i16) -> i16 {
    saturate(product::<UNIT>(a, b))
}

/// Returns a · b for two numbers with [`UNIT`] fraction bits, rounded to the nearest number with `BITS` fraction
/// bits.
#[inline(always)]
pub(super) fn product<const BITS: u32>(a: i16, b: i16) -> i32 {
    let shift = 2 * UNIT - BITS;
    (i32::from(a) * i32::from(b) + (1 << (shift - 1))) >> shift
}
