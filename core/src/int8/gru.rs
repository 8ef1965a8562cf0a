use super::activation::{sigmoid, tanh};
use super::fixed::{argument, between, gated, product};
use super::input::Input;
use super::product::Product;
use super::scale::{PerGate, Scaling};
use crate::cell::{Form, ResetAfter};
use crate::error::SequenceError;
use crate::math::{Libm, Zero};
use crate::part::{Leaf, Part, Step, Sweep, step_through};
use core::marker::PhantomData;
use zerocopy::little_endian::{F32, I16};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// [`Gru`](crate::Gru) in integers, in both forms:
///
/// ```text
/// r = σ(W_ir x + W_hr h + b_r)      n = tanh(W_in x + b_in + r ⊙ (W_hn h + b_hn))    reset after
/// z = σ(W_iz x + W_hz h + b_z)      n = tanh(W_in x + b_in + W_hn (r ⊙ h))           reset before
/// h′ = (1 − z) ⊙ n + z ⊙ h
/// ```
///
/// `I` inputs, `H` units, scales by `S`, gates in the order r, z, n. 3·H·(I + H) bytes of weights, 8·H of biases, 12 or 12·H of
/// scales and 4 beside; 3·H·(I + H) multiply-adds a step; the state is H numbers of 2 bytes, of which 2¹⁵ are 1.
#[derive(Clone, Copy, Debug, PartialEq, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Gru<const I: usize, const H: usize, S: Scaling = PerGate, F: Form = ResetAfter> {
    /// Weights from the input.
    pub w_ih: Product<I, H, 3, S>,
    /// Weights from the state.
    pub w_hh: Product<H, H, 3, S>,
    /// b_r, b_z, b_in and b_hn, which is 0 in the form that resets before the product.
    pub b: [[I16; H]; 4],
    /// Units of the input that are 1.0.
    pub resolution: F32,
    /// Place of the reset gate.
    pub form: PhantomData<F>,
}

impl<const I: usize, const H: usize, S: Scaling, F: Form> Zero for Gru<I, H, S, F> {
    const ZERO: Self = {
        assert!(I > 0 && H > 0, "a cell has at least one input and one unit");
        Self { w_ih: Zero::ZERO, w_hh: Zero::ZERO, b: [[I16::ZERO; H]; 4], resolution: F32::ZERO, form: PhantomData }
    };
    const INPUTS: usize = I;
    const OUTPUTS: usize = H;
}

/// Index of n among the gates.
const N: usize = 2;

impl<const I: usize, const H: usize, S: Scaling, F: Form> Gru<I, H, S, F> {
    /// Adds to the argument of n what comes from the state.
    fn add_candidate(&self, arguments: &mut [i32; H], r: &[i16; H], state: &[i16; H]) {
        let [.., b_hn] = &self.b;
        if F::BIASES == 1 {
            let mut reset = *state;
            reset.iter_mut().zip(r).for_each(|(h, &r)| *h = product::<15>(r, *h) as i16);
            return self.w_hh.add_gate(N, arguments, &reset);
        }
        let mut recurrent = b_hn.map(argument);
        self.w_hh.add_gate(N, &mut recurrent, state);
        for ((argument, &recurrent), &r) in arguments.iter_mut().zip(&recurrent).zip(r) {
            *argument += gated(recurrent, r);
        }
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
        let [b_r, b_z, b_in, _] = self.b;
        let mut arguments = [b_r, b_z, b_in].map(|biases| biases.map(argument));
        x.add(self.resolution.get(), &self.w_ih, &mut arguments);
        let [r, z, n] = &mut arguments;
        self.w_hh.add_gate(0, r, state);
        self.w_hh.add_gate(1, z, state);
        self.add_candidate(n, &r.map(sigmoid), state);
        for ((h, &z), &n) in state.iter_mut().zip(&*z).zip(&*n) {
            *h = between(sigmoid(z), tanh(n), *h);
        }
    }
}
