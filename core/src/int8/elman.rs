use super::affine::{Affine, Sums};
use super::input::Input;
use super::scale::{PerGate, Scaling};
use crate::cell::{Activation, Tanh};
use crate::error::SequenceError;
use crate::math::{Libm, Zero};
use crate::part::{Leaf, Part, Step, Sweep, step_through};
use core::marker::PhantomData;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// [`Elman`](crate::Elman) cell in integers: h′ = g(W x + U h + b).
///
/// `I` inputs, `H` units, scales by `S`, g an [`Activation`]. H·(I + H) bytes of weights, 2·H of biases, 4 or 4·H of scales
/// and 4 beside; H·(I + H) multiply-adds a step; the state is H numbers of 2 bytes.
///
/// If g is bounded, a state of 1 is 2¹⁵ units. With ReLU the unit is that of the calibration, and larger states are taken for the
/// largest.
#[derive(Clone, Copy, Debug, PartialEq, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Elman<const I: usize, const H: usize, S: Scaling = PerGate, A: Activation = Tanh> {
    /// Weights.
    pub affine: Affine<I, H, 1, 1, S>,
    /// Function g.
    pub activation: PhantomData<A>,
}

impl<const I: usize, const H: usize, S: Scaling, A: Activation> Zero for Elman<I, H, S, A> {
    const ZERO: Self = { Self { affine: Zero::ZERO, activation: PhantomData } };
    const INPUTS: usize = I;
    const OUTPUTS: usize = H;
}

impl<const I: usize, const H: usize, S: Scaling, A: Activation> Leaf for Elman<I, H, S, A> {}

impl<const I: usize, const H: usize, S: Scaling, A: Activation> Part for Elman<I, H, S, A> {
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
impl<const I: usize, const H: usize, S: Scaling, A: Activation, X: Input<I>> Sweep<X> for Elman<I, H, S, A> {
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
impl<const I: usize, const H: usize, S: Scaling, A: Activation, X: Input<I>> Step<X> for Elman<I, H, S, A> {
    fn step(&self, state: &mut Self::State, x: &X) {
        let mut sums = Sums::<H, 1>::ZERO;
        self.affine.add_products(&mut sums, x, state);
        for (unit, h) in state.iter_mut().enumerate() {
            *h = A::integer(self.affine.argument(&sums, 0, unit));
        }
    }
}
