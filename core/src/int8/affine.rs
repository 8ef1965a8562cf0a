use super::fixed::{argument, scaled};
use super::input::Input;
use super::scale::Scaling;
use super::weights::{Scales, Weights};
use crate::math::Zero;
use crate::present::present;
use zerocopy::little_endian::{F32, I16};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// Affine map W_ih x + W_hh h + b of a cell in integers, for `G` gates of `H` units, with `B` bias vectors: one
/// per gate, and one more if a gate has two.
///
/// Takes G·H·(I + H) bytes of weights, 2·B·H bytes of biases, 4·G or 4·G·H bytes of scales, and 4 bytes more.
/// Costs G·H·(I + H) multiply-adds per step.
#[derive(Clone, Copy, Debug, PartialEq, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Affine<const I: usize, const H: usize, const G: usize, const B: usize, S: Scaling> {
    /// Weights from the input.
    pub w_ih: Weights<I, H, G>,
    /// Weights from the state.
    pub w_hh: Weights<H, H, G>,
    /// Scales of the sums over the input.
    pub scale_ih: Scales<H, G, S>,
    /// Scales of the sums over the state.
    pub scale_hh: Scales<H, G, S>,
    /// Biases.
    pub b: [[I16; H]; B],
    /// Number of units of the input that make 1.0.
    pub resolution: F32,
}

impl<const I: usize, const H: usize, const G: usize, const B: usize, S: Scaling> Zero for Affine<I, H, G, B, S> {
    const ZERO: Self = {
        assert!(I > 0 && H > 0, "a cell has at least one input and one unit");
        Self {
            w_ih: Zero::ZERO,
            w_hh: Zero::ZERO,
            scale_ih: Zero::ZERO,
            scale_hh: Zero::ZERO,
            b: [[I16::ZERO; H]; B],
            resolution: F32::ZERO,
        }
    };
    const INPUTS: usize = I;
    const OUTPUTS: usize = H;
}

/// Sums of products at a step, first over the input, then over the state.
pub(super) type Sums<const H: usize, const G: usize> = [[[i32; H]; G]; 2];

impl<const I: usize, const H: usize, const G: usize, const B: usize, S: Scaling> Affine<I, H, G, B, S> {
    /// Computes the sums of all gates; they must be 0 before the call.
    #[inline(always)]
    pub(super) fn add_products(&self, sums: &mut Sums<H, G>, x: &impl Input<I>, h: &[i16; H]) {
        self.add_input(sums, x);
        let [_, state] = sums;
        self.w_hh.sums(state, h);
    }

    /// The sums of all gates over the input, where `sums` is 0.
    #[inline(always)]
    pub(super) fn add_input(&self, [input, _]: &mut Sums<H, G>, x: &impl Input<I>) {
        x.sums(self.resolution.get(), &self.w_ih, input);
    }

    /// The sums of a gate over `h`, in place of those over anything else.
    pub(super) fn set_recurrent(&self, [_, state]: &mut Sums<H, G>, gate: usize, h: &[i16; H]) {
        if let Some(sums) = present(state.get_mut(gate)) {
            *sums = [0; H];
            self.w_hh.sums_of(gate, sums, h);
        }
    }

    /// Returns the argument of a unit's gate.
    #[inline(always)]
    pub(super) fn argument(&self, sums: &Sums<H, G>, gate: usize, unit: usize) -> i32 {
        self.of_input(sums, gate, unit) + self.of_state(sums, gate, unit)
    }

    /// Returns the input's part of the argument, including the gate's bias.
    #[inline(always)]
    pub(super) fn of_input(&self, [sums, _]: &Sums<H, G>, gate: usize, unit: usize) -> i32 {
        scaled(at(sums, gate, unit), scale::<H, S>(&self.scale_ih, gate, unit)) + self.bias(gate, unit)
    }

    /// Returns the state's part of the argument.
    #[inline(always)]
    pub(super) fn of_state(&self, [_, sums]: &Sums<H, G>, gate: usize, unit: usize) -> i32 {
        scaled(at(sums, gate, unit), scale::<H, S>(&self.scale_hh, gate, unit))
    }

    /// Returns a bias in the units of an argument.
    #[inline(always)]
    pub(super) fn bias(&self, vector: usize, unit: usize) -> i32 {
        argument(present(self.b.get(vector).and_then(|b| b.get(unit))).copied().unwrap_or(I16::ZERO))
    }
}

#[inline(always)]
fn at<const H: usize>(sums: &[[i32; H]], gate: usize, unit: usize) -> i32 {
    present(sums.get(gate).and_then(|sums| sums.get(unit))).copied().unwrap_or(0)
}

#[inline(always)]
pub(super) fn scale<const H: usize, S: Scaling>(scales: &[S::Of<H>], gate: usize, unit: usize) -> i32 {
    let scales = scales.get(gate).map_or(&[][..], AsRef::as_ref);
    // One for all units, or one for each.
    present(scales.get(if scales.len() == 1 { 0 } else { unit })).map_or(0, |scale| scale.multiplier())
}
