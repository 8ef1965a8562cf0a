use super::activation::{sigmoid, tanh};
use super::fixed::{ONE, UNIT, argument, product, saturate};
use super::input::Input;
use super::scale::{PerGate, Scaling};
use crate::cell::{FullRank, Rank};
use crate::error::SequenceError;
use crate::math::{Libm, Zero};
use crate::part::{Leaf, Part, Step, Sweep, step_through};
use zerocopy::little_endian::{F32, I16, U16};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// [`FastGrnn`](crate::FastGrnn) in integers:
///
/// ```text
/// p = W x + U h
/// z = σ(p + b_z)
/// n = tanh(p + b_n)
/// h′ = (ζ (1 − z) + ν) ⊙ n + z ⊙ h
/// ```
///
/// `I` inputs, `H` units, scales by `S`; `W` and `U` select the form of each matrix, [`FullRank`] or
/// [`LowRank`](crate::cell::LowRank). Full rank: H·(I + H) bytes of weights and multiply-adds a step, 4 or 4·H bytes of scales;
/// with rank R, W takes R·(I + H) instead of H·I and U 2·R·H instead of H², and each as many more scales as it has more rows.
/// 4·H bytes of biases, 4 of ζ and ν, and 4 beside; the state is H numbers of 2 bytes.
///
/// Nothing keeps |h| below 1: it may reach ζ + ν / (1 − z). So one unit of it is that of the calibration, no less than 2⁻¹⁵,
/// and larger states are taken for the largest. The two terms of h′ are rounded apart, each to the nearest. With 32 units and the
/// authors' ζ and ν, states are within 5·10⁻⁴ of those of f64 with the same weights over 2,000 steps; 8-bit weights drawn at random
/// move outputs by up to 2 % of the largest.
#[derive(Clone, Copy, Debug, PartialEq, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct FastGrnn<const I: usize, const H: usize, S: Scaling = PerGate, W: Rank = FullRank, U: Rank = FullRank> {
    /// Matrix W, from the input.
    pub w_ih: W::Int8<I, H, S>,
    /// Matrix U, from the previous state.
    pub w_hh: U::Int8<H, H, S>,
    /// Biases b_z and b_n.
    pub b: [[I16; H]; 2],
    /// ζ: 2³¹ units of the state.
    pub zeta: U16,
    /// ν: 2³¹ units of the state.
    pub nu: U16,
    /// Units of the input that are 1.0.
    pub resolution: F32,
}

impl<const I: usize, const H: usize, S: Scaling, W: Rank, U: Rank> Zero for FastGrnn<I, H, S, W, U> {
    const ZERO: Self = {
        assert!(I > 0 && H > 0, "a cell has at least one input and one unit");
        Self {
            w_ih: Zero::ZERO,
            w_hh: Zero::ZERO,
            b: [[I16::ZERO; H]; 2],
            zeta: U16::ZERO,
            nu: U16::ZERO,
            resolution: F32::ZERO,
        }
    };
    const INPUTS: usize = I;
    const OUTPUTS: usize = H;
}

impl<const I: usize, const H: usize, S: Scaling, W: Rank, U: Rank> FastGrnn<I, H, S, W, U> {
    /// (ζ (1 − z) + ν) n, as a part of the state.
    fn candidate(&self, z: i16, n: i16) -> i32 {
        // Both products are at most 2¹⁵ (2¹⁶ − 1), so that their sum leaves room for one half.
        let (open, one) = (ONE.abs_diff(i32::from(z)), ONE as u32);
        let share = (u32::from(self.zeta.get()) * open + u32::from(self.nu.get()) * one + (1 << 15)) >> 16;
        (share as i32 * i32::from(n) + ONE / 2) >> UNIT
    }
}

impl<const I: usize, const H: usize, S: Scaling, W: Rank, U: Rank> Leaf for FastGrnn<I, H, S, W, U> {}

impl<const I: usize, const H: usize, S: Scaling, W: Rank, U: Rank> Part for FastGrnn<I, H, S, W, U> {
    type Math = Libm;
    type State = [i16; H];
    type Output = [i16; H];
    type Room<const T: usize> = [[i16; H]; T];
    fn output(state: &Self::State) -> &Self::Output {
        state
    }
    fn is_finite(_: &Self::State) -> bool {
        true
    }
}

#[diagnostic::do_not_recommend]
impl<const I: usize, const H: usize, S: Scaling, W: Rank, U: Rank, X: Input<I>> Sweep<X> for FastGrnn<I, H, S, W, U> {
    fn accepts(x: &X) -> bool {
        x.is_finite()
    }
    fn sweep<'r, const T: usize>(
        &self,
        state: &mut Self::State,
        xs: &[X],
        room: &'r mut Self::Room<T>,
    ) -> Result<&'r [Self::Output], SequenceError> {
        step_through(self, state, xs, room)
    }
}

#[diagnostic::do_not_recommend]
impl<const I: usize, const H: usize, S: Scaling, W: Rank, U: Rank, X: Input<I>> Step<X> for FastGrnn<I, H, S, W, U> {
    fn step(&self, state: &mut Self::State, x: &X) {
        let input = W::product(&self.w_ih, self.resolution.get(), x);
        let recurrent = U::product(&self.w_hh, 1.0, state);
        let (arguments, [b_z, b_n]) = (input.iter().zip(&recurrent).map(|(w, u)| w + u), &self.b);
        for (((h, p), &b_z), &b_n) in state.iter_mut().zip(arguments).zip(b_z).zip(b_n) {
            let (z, n) = (sigmoid(p + argument(b_z)), tanh(p + argument(b_n)));
            *h = saturate(self.candidate(z, n) + product::<UNIT>(z, *h));
        }
    }
}
