//! Arithmetic on fixed-point numbers.

use zerocopy::little_endian::I16;

/// Fraction bits of the argument of a gate.
pub(super) const ARGUMENT: u32 = 13;
/// Fraction bits of a bias.
pub(super) const BIAS: u32 = 11;
/// Fraction bits of a gate, and of the output of a tanh cell.
pub(super) const UNIT: u32 = 15;
/// The number of these fraction bits that is 1.
pub(super) const ONE: i32 = 1 << UNIT;

/// a · b / 2³², rounded to the nearest; halves up.
///
/// With |a| < 2³¹ and |b| < 2³⁰ the result is below 2²⁹, so three of them add up without overflow.
#[inline(always)]
pub(super) const fn scaled(a: i32, b: i32) -> i32 {
    ((a as i64 * b as i64 + (1 << 31)) >> 32) as i32
}

/// The product of a number below 2³⁰ and a gate.
#[inline(always)]
pub(super) const fn gated(a: i32, gate: i16) -> i32 {
    scaled(a << 1, (gate as i32) << (31 - UNIT))
}

/// The nearest number of 16 bits, without the smallest one: the range is the same on both sides of 0.
#[inline(always)]
pub(super) fn saturate(a: i32) -> i16 {
    a.clamp(-i32::from(i16::MAX), i32::from(i16::MAX)) as i16
}

/// A bias as an argument of a gate.
#[inline(always)]
pub(super) fn argument(bias: I16) -> i32 {
    i32::from(bias.get()) << (ARGUMENT - BIAS)
}

/// (1 − gate) · a + gate · b, rounded to the nearest; it lies between a and b.
#[inline(always)]
pub(super) fn between(gate: i16, a: i16, b: i16) -> i16 {
    let [gate, a, b] = [gate, a, b].map(i32::from);
    (((ONE - gate) * a + gate * b + ONE / 2) >> UNIT) as i16
}

/// a · b of two numbers with [`UNIT`] fraction bits, rounded to the nearest, with `bits` fraction bits.
#[inline(always)]
pub(super) fn product<const BITS: u32>(a: i16, b: i16) -> i32 {
    let shift = 2 * UNIT - BITS;
    (i32::from(a) * i32::from(b) + (1 << (shift - 1))) >> shift
}
