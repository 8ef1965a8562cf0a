use super::fixed::{ARGUMENT, ONE, UNIT, saturate};
use crate::present::number;

/// Number of intervals in the table, which covers 0 to 8.
const INTERVALS: usize = 256;
/// Number of bits of an argument that give its position within an interval.
const WITHIN: u32 = ARGUMENT + 3 - INTERVALS.ilog2();

/// Values of tanh at the bounds of the intervals, in 514 bytes. Each is raised by half of the largest error of a
/// chord, so that the errors of the interpolation lie on both sides of 0.
static TANH: [i16; INTERVALS + 1] = {
    let (mut table, mut index) = ([0; INTERVALS + 1], 0);
    while index < table.len() {
        let (width, x) = (8.0 / INTERVALS as f64, index as f64 * 8.0 / INTERVALS as f64);
        let y = exact(x);
        let raised = y + width * width / 8.0 * y * (1.0 - y * y);
        let rounded = (raised * ONE as f64 + 0.5) as i32;
        if let Some((_, [place, ..])) = table.split_at_mut_checked(index) {
            *place = if rounded < ONE { rounded as i16 } else { i16::MAX };
        }
        index += 1;
    }
    table
};

/// tanh of a number from 0 to 16, from the series of the exponential function.
pub(crate) const fn exact(x: f64) -> f64 {
    // e^(−2x) = (e^(−x/16))³², the series of which needs no more terms than these.
    let (mut power, mut term, mut n) = (1.0, 1.0, 1);
    while n < 24 {
        term *= -x / 16.0 / n as f64;
        power += term;
        n += 1;
    }
    let mut squarings = 0;
    while squarings < 5 {
        power *= power;
        squarings += 1;
    }
    (1.0 - power) / (1.0 + power)
}

/// Returns tanh of a number whose lowest `BITS` bits give its position in an interval; 1 − 2⁻¹⁵ beyond the table.
fn interpolated<const BITS: u32>(x: u32) -> i32 {
    let x = x.min(((INTERVALS as u32) << BITS) - 1);
    let (index, fraction) = ((x >> BITS) as usize, (x & ((1 << BITS) - 1)) as i32);
    let [low, high] = [index, index + 1].map(|index| i32::from(number(&TANH, index)));
    low + (((high - low) * fraction + (1 << (BITS - 1))) >> BITS)
}

/// Returns tanh(x), given x with 13 fraction bits; the result has 15.
///
/// The result is within 8·10⁻⁵ of the exact value for all arguments. The function is odd and monotone; beyond ±8
/// it is ±(1 − 2⁻¹⁵).
///
/// ```
/// use elman::int8::tanh;
/// assert_eq!([0, 1 << 13, i32::MIN].map(tanh), [0, 24957, -32767]);
/// assert_eq!((1.0_f64.tanh() * 32768.0).round(), 24956.0);
/// ```
#[must_use]
pub fn tanh(x: i32) -> i16 {
    let y = interpolated::<WITHIN>(x.unsigned_abs());
    (if x < 0 { -y } else { y }) as i16
}

/// Returns σ(x) = 1 / (1 + e⁻ˣ), given x with 13 fraction bits; the result has 15.
///
/// Computed as (1 + tanh(x/2)) / 2, from the table of [`tanh`]. The result is within 6·10⁻⁵ of the exact value
/// for all arguments, and monotone. Above 16 it is 1 − 2⁻¹⁵, and below −16 it is 2⁻¹⁵.
///
/// ```
/// use elman::int8::sigmoid;
/// assert_eq!([0, i32::MAX, i32::MIN].map(sigmoid), [16384, 32767, 1]);
/// ```
#[must_use]
pub fn sigmoid(x: i32) -> i16 {
    let y = interpolated::<{ WITHIN + 1 }>(x.unsigned_abs());
    saturate((ONE + 1 + if x < 0 { -y } else { y }) >> 1)
}

const _: () = assert!(UNIT == 15 && 1 << (ARGUMENT + 3) == INTERVALS << WITHIN);
