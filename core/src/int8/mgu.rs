use super::activation::{sigmoid, tanh};
use super::affine::{Affine, Sums};
use super::fixed::{between, multiplied};
use super::input::Input;
use super::scale::{PerGate, Scaling};
use crate::error::SequenceError;
use crate::math::{Libm, Zero};
use crate::part::{Leaf, Part, Step, Sweep, step_through};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// The minimal gated unit, [`Mgu`](crate::Mgu), in integers:
///
/// ```text
/// f = σ(W_if x + W_hf h + b_f)
/// n = tanh(W_in x + W_hn (f ⊙ h) + b_n)
/// h′ = (1 − f) ⊙ h + f ⊙ n
/// ```
///
/// `I` inputs, `H` units, scales by `S`, gates in the order f, n. 2·H·(I + H) bytes of weights, 4·H of biases, 8 or 8·H of
/// scales and 4 beside; 2·H·(I + H) multiply-adds a step; the state is H numbers of 2 bytes, of which 2¹⁵ are 1. 8-bit weights
/// drawn at random move outputs by up to 1 % of the largest.
#[derive(Clone, Copy, Debug, PartialEq, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Mgu<const I: usize, const H: usize, S: Scaling = PerGate> {
    /// Weights.
    pub affine: Affine<I, H, 2, 2, S>,
}

impl<const I: usize, const H: usize, S: Scaling> Zero for Mgu<I, H, S> {
    const ZERO: Self = Self { affine: Zero::ZERO };
    const INPUTS: usize = I;
    const OUTPUTS: usize = H;
}

/// Indices of the gates.
const F: usize = 0;
const N: usize = 1;

impl<const I: usize, const H: usize, S: Scaling> Leaf for Mgu<I, H, S> {}

impl<const I: usize, const H: usize, S: Scaling> Part for Mgu<I, H, S> {
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
impl<const I: usize, const H: usize, S: Scaling, X: Input<I>> Sweep<X> for Mgu<I, H, S> {
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
impl<const I: usize, const H: usize, S: Scaling, X: Input<I>> Step<X> for Mgu<I, H, S> {
    fn step(&self, state: &mut Self::State, x: &X) {
        let (mut sums, mut f, mut kept) = (Sums::<H, 2>::ZERO, [0; H], *state);
        self.affine.add_input(&mut sums, x);
        self.affine.set_recurrent(&mut sums, F, state);
        for (unit, (f, kept)) in f.iter_mut().zip(&mut kept).enumerate() {
            *f = sigmoid(self.affine.argument(&sums, F, unit));
            *kept = multiplied(*f, *kept);
        }
        self.affine.set_recurrent(&mut sums, N, &kept);
        for (unit, (h, f)) in state.iter_mut().zip(f).enumerate() {
            *h = between(f, *h, tanh(self.affine.argument(&sums, N, unit)));
        }
    }
}
