//! Weights of `f32` that 8 bits hold exactly.

use super::scale::{MANTISSA, Scaling};
use crate::math::{Scalar, larger};
use crate::present::within;

/// Rounds the weights of a gate, among the weights `w` of a tensor `[inputs][gates][units]`, to multiples of their scale, at most
/// 127 of them either way.
///
/// [`Calibration`](super::Calibration) then finds the same multiples, and the same scales where the unit of what the weights
/// read is a power of two, as it is for a bounded state. Where it is not, as for the inputs of a network, a scale is rounded
/// up once more, by 2⁻¹¹ at most.
pub(crate) fn round_gate<S: Scaling>([_, gates, units]: [usize; 3], gate: usize, w: &mut [f32]) {
    // Never 0; `max` shows it to the compiler, which would otherwise add a panic.
    let (row, shared) = ((gates * units).max(1), S::sharing(units).max(1));
    for first in (0..units).step_by(shared) {
        let group = gate * units + first..gate * units + first + shared;
        let largest = w.chunks(row).map(|row| f32::largest(within(row, group.clone()))).fold(0.0, larger);
        let scale = scale(largest);
        for row in w.chunks_mut(row) {
            row.get_mut(group.clone()).into_iter().flatten().for_each(|w| *w = multiple(*w, scale));
        }
    }
}

/// The smallest number of as many digits as a [`Scale`](super::Scale) has that is at least `largest` / 127.
fn scale(largest: f32) -> f32 {
    const OTHERS: u32 = (1 << (f32::MANTISSA_DIGITS - 1 - MANTISSA)) - 1;
    // Half the largest number, so that 127 times what is rounded up is finite. No network in integers holds such weights.
    let factor = largest.min(f32::MAX / 2.0) / 127.0;
    f32::from_bits((factor.to_bits() + OTHERS) & !OTHERS)
}

/// The nearest multiple of `scale`.
fn multiple(w: f32, scale: f32) -> f32 {
    // A scale of 0 has weights of 0 alone.
    if scale > 0.0 { f32::from(super::input::rounded(w / scale).clamp(-127, 127)) * scale } else { 0.0 }
}
