use super::affine::scale;
use super::fixed::scaled;
use super::scale::{PerGate, Scaling};
use super::weights::{Scales, Weights};
use crate::dense::Readout;
use crate::math::Zero;
use crate::zero::fit;
use core::ops::RangeInclusive;
use zerocopy::little_endian::{I16, U16};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// Linear layer W y + b in integers, from `H` inputs of 16 bits to `K` outputs, with scales selected by `S`.
///
/// Takes K·H bytes of weights, 2·K of biases, 2 or 2·K of scales, and 4 more; costs K·H multiply-adds. An output
/// is a multiple of 2^−[`exponent`](Self::exponent): [`Readout::forward`] converts it to `f32`, and
/// [`integers`](Self::integers) returns the integer, which is enough for a decision.
#[derive(Clone, Copy, Debug, PartialEq, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Dense<const H: usize, const K: usize, S: Scaling = PerGate> {
    /// Weights.
    pub w: Weights<H, K, 1>,
    /// Scales.
    pub scale: Scales<K, 1, S>,
    /// Biases: one unit is 2^`bias_shift` units of an output.
    pub b: [I16; K],
    /// Number of bits by which a bias is shifted to the left.
    pub bias_shift: U16,
    /// Fraction bits of an output.
    pub exponent: I16,
}

impl<const H: usize, const K: usize, S: Scaling> Zero for Dense<H, K, S> {
    const ZERO: Self = {
        assert!(H > 0 && K > 0, "a dense layer has at least one input and one output");
        Self { w: Zero::ZERO, scale: Zero::ZERO, b: [I16::ZERO; K], bias_shift: U16::ZERO, exponent: I16::ZERO }
    };
    const INPUTS: usize = H;
    const OUTPUTS: usize = K;
}

impl<const H: usize, const K: usize, S: Scaling> Dense<H, K, S> {
    /// Returns the outputs in units of 2^−[`exponent`](Self::exponent).
    #[must_use]
    pub fn integers(&self, y: &[i16; H]) -> [i32; K] {
        self.linear(y)
    }

    fn linear(&self, y: &[i16]) -> [i32; K] {
        let mut sums = [[0; K]];
        self.w.sums(&mut sums, y);
        let [mut outputs] = sums;
        for (unit, (output, bias)) in outputs.iter_mut().zip(&self.b).enumerate() {
            let bias = i32::from(bias.get()) << (self.bias_shift.get() % 16);
            *output = scaled(*output, scale::<K, S>(&self.scale, 0, unit)) + bias;
        }
        outputs
    }

    /// Returns one unit of an output.
    #[must_use]
    pub fn unit(&self) -> f32 {
        unit_of(self.exponent.get())
    }
}

/// Largest number of fraction bits of an output.
pub(super) const HIGHEST: i16 = 40;
/// Smallest number of fraction bits of an output.
pub(super) const LOWEST: i16 = -40;

/// Fraction bits that an output may have.
pub(crate) const EXPONENTS: RangeInclusive<i16> = LOWEST..=HIGHEST;
/// Most bits by which a bias is shifted.
pub(crate) const MOST_SHIFTED: u16 = 15;

/// Returns 2^−`bits`, with `bits` clamped to the range from [`LOWEST`] to [`HIGHEST`].
pub(super) fn unit_of(bits: i16) -> f32 {
    // The exponent of an f32, none of whose digits is set.
    f32::from_bits(((127 - i32::from(bits.clamp(LOWEST, HIGHEST))) as u32) << 23)
}

#[diagnostic::do_not_recommend]
impl<const H: usize, const K: usize, S: Scaling> Readout<[i16; H]> for Dense<H, K, S> {
    type Output = [f32; K];
    fn forward(&self, y: &[i16; H], outputs: &mut [f32; K]) {
        *outputs = self.integers(y).map(|output| output as f32 * self.unit());
    }
    fn is_finite(_: &[f32; K]) -> bool {
        true
    }
}

/// Above a concatenating [`Bidirectional`](crate::Bidirectional) layer.
#[diagnostic::do_not_recommend]
impl<const N: usize, const H: usize, const K: usize, S: Scaling> Readout<[[i16; H]; 2]> for Dense<N, K, S> {
    type Output = [f32; K];
    fn forward(&self, y: &[[i16; H]; 2], outputs: &mut [f32; K]) {
        const { fit(2 * H, N) }
        *outputs = self.linear(y.as_flattened()).map(|output| output as f32 * self.unit());
    }
    fn is_finite(_: &[f32; K]) -> bool {
        true
    }
}
