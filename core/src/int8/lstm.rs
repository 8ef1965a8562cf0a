use super::activation::{sigmoid, tanh};
use super::affine::{Affine, Sums};
use super::fixed::{ARGUMENT, gated, product};
use super::input::Input;
use super::scale::{PerGate, Scaling};
use crate::error::SequenceError;
use crate::math::{Libm, Zero};
use crate::part::{Leaf, Part, Step, Sweep, step_through};
use zerocopy::{FromBytes, FromZeros, Immutable, IntoBytes, KnownLayout, Unaligned};

/// [`Lstm`](crate::Lstm) in integers:
///
/// ```text
/// i = σ(W_ii x + W_hi h + b_i)      g = tanh(W_ig x + W_hg h + b_g)
/// f = σ(W_if x + W_hf h + b_f)      o = σ(W_io x + W_ho h + b_o)
/// c′ = f ⊙ c + i ⊙ g
/// h′ = o ⊙ tanh(c′)
/// ```
///
/// `I` inputs, `H` units, scales selected by `S`, gates in the order i, f, g, o. Takes 4·H·(I + H) bytes of
/// weights, 8·H of biases, 16 or 16·H of scales, and 4 more; costs 4·H·(I + H) multiply-adds per step. The state
/// has 6·H bytes.
#[derive(Clone, Copy, Debug, PartialEq, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Lstm<const I: usize, const H: usize, S: Scaling = PerGate> {
    /// Weights.
    pub affine: Affine<I, H, 4, 4, S>,
}

impl<const I: usize, const H: usize, S: Scaling> Zero for Lstm<I, H, S> {
    const ZERO: Self = Self { affine: Zero::ZERO };
    const INPUTS: usize = I;
    const OUTPUTS: usize = H;
}

/// State of an [`Lstm`] in integers, carried from step to step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromZeros)]
pub struct LstmState<const H: usize> {
    /// Hidden state, the output of the cell: 2¹⁵ units are 1.
    pub h: [i16; H],
    /// Cell state, which stays within ±1,024: 2²⁰ units are 1.
    pub c: [i32; H],
}

impl<const H: usize> Zero for LstmState<H> {
    const ZERO: Self = Self { h: [0; H], c: [0; H] };
}

/// Fraction bits of c.
const CELL: u32 = 20;
/// Largest c, so that its product with a gate cannot overflow.
const LARGEST: i32 = (1 << 30) - 1;

impl<const I: usize, const H: usize, S: Scaling> Leaf for Lstm<I, H, S> {}

impl<const I: usize, const H: usize, S: Scaling> Part for Lstm<I, H, S> {
    type Math = Libm;
    type State = LstmState<H>;
    type Output = [i16; H];
    type Room<const T: usize> = [[i16; H]; T];
    fn output(state: &Self::State) -> &Self::Output {
        &state.h
    }
    fn is_finite(_: &Self::State) -> bool {
        true
    }
}

#[diagnostic::do_not_recommend]
impl<const I: usize, const H: usize, S: Scaling, X: Input<I>> Sweep<X> for Lstm<I, H, S> {
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
impl<const I: usize, const H: usize, S: Scaling, X: Input<I>> Step<X> for Lstm<I, H, S> {
    fn step(&self, state: &mut Self::State, x: &X) {
        let mut sums = Sums::<H, 4>::ZERO;
        self.affine.add_products(&mut sums, x, &state.h);
        for (unit, (c, h)) in state.c.iter_mut().zip(&mut state.h).enumerate() {
            let [i, f, g, o] = [0, 1, 2, 3].map(|gate| self.affine.argument(&sums, gate, unit));
            let sum = gated(*c, sigmoid(f)) + product::<CELL>(sigmoid(i), tanh(g));
            *c = sum.clamp(-LARGEST, LARGEST);
            *h = product::<15>(sigmoid(o), tanh(*c >> (CELL - ARGUMENT))) as i16;
        }
    }
}
