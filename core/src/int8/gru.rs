use super::activation::{sigmoid, tanh};
use super::affine::{Affine, Sums};
use super::fixed::{between, gated, multiplied};
use super::input::Input;
use super::scale::{PerGate, Scaling};
use crate::cell::{Form, ResetAfter};
use crate::error::SequenceError;
use crate::math::{Libm, Zero};
use crate::part::{Leaf, Part, Step, Sweep, step_through};
use core::marker::PhantomData;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// [`Gru`](crate::Gru) in integers, in both forms:
///
/// ```text
/// r = σ(W_ir x + W_hr h + b_r)      n = tanh(W_in x + b_in + r ⊙ (W_hn h + b_hn))    reset after
/// z = σ(W_iz x + W_hz h + b_z)      n = tanh(W_in x + b_in + W_hn (r ⊙ h))           reset before
/// h′ = (1 − z) ⊙ n + z ⊙ h
/// ```
///
/// `I` inputs, `H` units, scales selected by `S`, gates in the order r, z, n. Takes 3·H·(I + H) bytes of weights,
/// 8·H of biases, 12 or 12·H of scales, and 4 more; costs 3·H·(I + H) multiply-adds per step. The state has H
/// values of 2 bytes, and 2¹⁵ units are 1.
#[derive(Clone, Copy, Debug, PartialEq, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Gru<const I: usize, const H: usize, S: Scaling = PerGate, F: Form = ResetAfter> {
    /// Weights, and the biases b_r, b_z, b_in and b_hn; b_hn is 0 in the form that resets before the product.
    pub affine: Affine<I, H, 3, 4, S>,
    /// Position of the reset gate.
    pub form: PhantomData<F>,
}

impl<const I: usize, const H: usize, S: Scaling, F: Form> Zero for Gru<I, H, S, F> {
    const ZERO: Self = Self { affine: Zero::ZERO, form: PhantomData };
    const INPUTS: usize = I;
    const OUTPUTS: usize = H;
}

/// Indices of the gates r, z and n, and of b_hn among the biases.
const R: usize = 0;
const Z: usize = 1;
const N: usize = 2;
const HN: usize = 3;

impl<const I: usize, const H: usize, S: Scaling, F: Form> Gru<I, H, S, F> {
    /// Replaces the state's sums for n by those of W_hn (r ⊙ h).
    fn reset(&self, sums: &mut Sums<H, 3>, state: &[i16; H]) {
        let mut reset = *state;
        for (unit, h) in reset.iter_mut().enumerate() {
            *h = multiplied(sigmoid(self.affine.argument(sums, R, unit)), *h);
        }
        self.affine.set_recurrent(sums, N, &reset);
    }

    /// Returns the argument of n.
    #[inline(always)]
    fn candidate(&self, sums: &Sums<H, 3>, unit: usize) -> i32 {
        if F::BIASES == 1 {
            return self.affine.argument(sums, N, unit);
        }
        let recurrent = self.affine.of_state(sums, N, unit) + self.affine.bias(HN, unit);
        self.affine.of_input(sums, N, unit) + gated(recurrent, sigmoid(self.affine.argument(sums, R, unit)))
    }
}

impl<const I: usize, const H: usize, S: Scaling, F: Form> Leaf for Gru<I, H, S, F> {}

impl<const I: usize, const H: usize, S: Scaling, F: Form> Part for Gru<I, H, S, F> {
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
impl<const I: usize, const H: usize, S: Scaling, F: Form, X: Input<I>> Sweep<X> for Gru<I, H, S, F> {
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
impl<const I: usize, const H: usize, S: Scaling, F: Form, X: Input<I>> Step<X> for Gru<I, H, S, F> {
    fn step(&self, state: &mut Self::State, x: &X) {
        let mut sums = Sums::<H, 3>::ZERO;
        self.affine.add_products(&mut sums, x, state);
        if F::BIASES == 1 {
            self.reset(&mut sums, state);
        }
        for (unit, h) in state.iter_mut().enumerate() {
            let z = sigmoid(self.affine.argument(&sums, Z, unit));
            *h = between(z, tanh(self.candidate(&sums, unit)), *h);
        }
    }
}
