use super::Math;

/// 1.5 · 2²³: adding it to a small number leaves the nearest integer in the low bits, and subtracting it again gives
/// that integer.
const ROUND: f32 = 12_582_912.0;
/// ln 2 as a sum of two parts, the first of nine bits, so that its product with any exponent is exact.
const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
/// Range of arguments for which the exponent k of 2ᵏ is between −127 and 127.
const EXP_RANGE: [f32; 2] = [-88.0, 88.376_26];
/// Bits of √½. Significands from √½ up to √2 are as near to 1 as possible.
const SQRT_HALF: u32 = 0x3f35_04f3;
/// Square of 7.9, above which the result is ±1.
const TANH_SQUARE: f32 = 62.41;
/// Coefficients of the numerator and the denominator of tanh x / x in powers of x², constant term first.
const TANH: ([f32; 5], [f32; 4]) = (
    [1.0, 0.126_984_36, 0.002_681_939_2, 7.049_721e-6, -5.932_959e-9],
    [1.0, 0.460_316_15, 0.022_789_612, 1.948_522_3e-4],
);
/// Constants of tanh and sigmoid, in the order in which the kernel loads them.
#[cfg(kernels)]
const KERNEL: [f32; 11] = {
    let ([_, p1, p2, p3, p4], [_, q1, q2, q3]) = TANH;
    [p4, p3, p2, p1, q3, q2, q1, TANH_SQUARE, 1.0, -1.0, 0.5]
};
/// Number of values processed together, so that no instruction has to wait for the result of the previous one.
const TOGETHER: usize = 4;

/// Our own approximations in `f32`, with few operations, no tables and no branches that depend on the data, so that
/// loops vectorise.
///
/// They use only additions, multiplications, one division (none in `exp`) and the bits of a number, and never a fused
/// multiply-add, so every processor gives the same bits. They are accurate enough for training. NaN stays NaN.
///
/// | | domain | largest error | operations | outside the domain |
/// |---|---|---|---|---|
/// | exp | −87.3 .. 88.37 | 1.8e-7 relative | 9 ×, 9 + | 2.4e38 above, 0 below −87.69 |
/// | ln | all positive numbers | 8.2e-8 relative | 8 ×, 9 +, 1 ÷ | −∞ at 0, NaN below, ∞ at ∞ |
/// | tanh | all numbers | 6.4e-7 relative | 9 ×, 7 +, 1 ÷ | ±1 from ±7.9 on |
/// | sigmoid | all numbers | 3.1e-7 absolute | 11 ×, 8 +, 1 ÷ | 0 and 1 from ∓15.8 on |
/// | sqrt | 0 and above | 6e-8 relative, correctly rounded | `libm`'s | NaN below 0 |
///
/// The errors were measured against 60-digit values and over every 509th `f32`, for tanh over every `f32` from 1 to 9.
/// tanh is exactly odd, equals x for tiny x, and is monotone up to rounding: it never falls by more than 6e-7. The
/// coefficients are our own: they minimise the largest relative error, found by linear programming (for tanh
/// repeatedly, with the last denominator as the weight), and were rounded to `f32`; for tanh, a search around them then
/// minimised the error with all roundings included.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Fast;

/// Clamps `x` to a range. NaN stays NaN, which `min` and `max` would replace.
fn clamp(x: f32, [low, high]: [f32; 2]) -> f32 {
    if x < low { low } else { at_most(x, high) }
}

/// Returns the smaller of `x` and `high`. NaN stays NaN.
fn at_most(x: f32, high: f32) -> f32 {
    if x > high { high } else { x }
}

/// Computes c₀ + u (c₁ + u (c₂ + ...)) for each u.
#[inline(always)]
fn polynomial<const N: usize, const D: usize>(u: [f32; N], coefficients: [f32; D]) -> [f32; N] {
    let mut sum = [0.0; N];
    for (k, &c) in coefficients.iter().rev().enumerate() {
        for (sum, &u) in sum.iter_mut().zip(&u) {
            *sum = if k == 0 { c } else { c + u * *sum };
        }
    }
    sum
}

/// Computes eˣ = 2ᵏ eʳ with |r| ≤ ½ ln 2 for each x.
#[inline(always)]
fn exp<const N: usize>(x: [f32; N]) -> [f32; N] {
    let x = x.map(|x| clamp(x, EXP_RANGE));
    let shifted = x.map(|x| x * core::f32::consts::LOG2_E + ROUND);
    let mut r = x;
    for (r, shifted) in r.iter_mut().zip(shifted) {
        let k = shifted - ROUND;
        *r = (*r - k * LN_2[0]) - k * LN_2[1];
    }
    let mut y = polynomial(r, [0.499_992_3, 0.166_671_16, 0.041_890_338, 0.008_312_506]);
    for ((y, r), shifted) in y.iter_mut().zip(r).zip(shifted) {
        // The biased exponent of 2ᵏ. For the lowest k it is 0, which makes 2ᵏ zero.
        let scale = f32::from_bits(shifted.to_bits().wrapping_add(127) << 23);
        *y = (1.0 + (r + r * r * *y)) * scale;
    }
    y
}

/// Computes x P(x²) / Q(x²) for each x; P and Q are 1 at 0, so that a tiny x is returned unchanged.
#[inline(always)]
fn tanh<const N: usize>(x: [f32; N]) -> [f32; N] {
    let u = x.map(|x| at_most(x * x, TANH_SQUARE));
    let mut y = polynomial(u, TANH.0);
    for ((y, x), q) in y.iter_mut().zip(x).zip(polynomial(u, TANH.1)) {
        // At the limit of x² the quotient is above 1; below it, rounding can put it one unit above 1.
        *y = clamp(x * *y / q, [-1.0, 1.0]);
    }
    y
}

/// Computes (1 + tanh(x/2)) / 2 for each x.
#[inline(always)]
fn sigmoid<const N: usize>(x: [f32; N]) -> [f32; N] {
    tanh(x.map(|x| 0.5 * x)).map(|y| 0.5 + 0.5 * y)
}

/// Replaces each x by a function of x, given one function for several values and one for a single value.
fn replace(x: &mut [f32], several: impl Fn([f32; TOGETHER]) -> [f32; TOGETHER], one: impl Fn(f32) -> f32) {
    let (blocks, rest) = x.as_chunks_mut();
    blocks.iter_mut().for_each(|x| *x = several(*x));
    rest.iter_mut().for_each(|x| *x = one(*x));
}

impl Math for Fast {
    type Scalar = f32;
    fn exp(x: f32) -> f32 {
        let [y] = exp([x]);
        y
    }
    /// Computes ln x = k ln 2 + ln m with m = 1 + f from √½ up to √2, and ln m = 2 artanh s with s = f / (2 + f).
    fn ln(x: f32) -> f32 {
        let tiny = x < f32::MIN_POSITIVE;
        let (normal, offset) = if tiny { (x * 8_388_608.0, -23.0) } else { (x, 0.0) };
        let above = normal.to_bits().wrapping_sub(SQRT_HALF);
        let k = (above.cast_signed() >> 23) as f32 + offset;
        let f = f32::from_bits((above & 0x007f_ffff) + SQRT_HALF) - 1.0;
        let s = f / (2.0 + f);
        let z = s * s;
        let p = z * (0.666_667_8 + z * (0.399_770_8 + z * 0.298_832_74));
        let y = k * LN_2[0] + (f - s * (f - p) + k * LN_2[1]);
        if x > 0.0 && x < f32::INFINITY {
            y
        } else if x == 0.0 {
            f32::NEG_INFINITY
        } else if x < 0.0 {
            f32::NAN
        } else {
            x
        }
    }
    fn tanh(x: f32) -> f32 {
        let [y] = tanh([x]);
        y
    }
    fn sigmoid(x: f32) -> f32 {
        let [y] = sigmoid([x]);
        y
    }
    fn sqrt(x: f32) -> f32 {
        super::sqrt_f32(x)
    }
    #[inline(never)]
    fn exp_all(x: &mut [f32]) {
        replace(x, exp, Self::exp);
    }
    #[inline(never)]
    fn tanh_all(x: &mut [f32]) {
        #[cfg(kernels)]
        return crate::kernel::tanh_all(x, &KERNEL);
        #[cfg(not(kernels))]
        replace(x, tanh, Self::tanh);
    }
    #[inline(never)]
    fn sigmoid_all(x: &mut [f32]) {
        #[cfg(kernels)]
        return crate::kernel::sigmoid_all(x, &KERNEL);
        #[cfg(not(kernels))]
        replace(x, sigmoid, Self::sigmoid);
    }
}
