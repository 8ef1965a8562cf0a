use super::activation::{Activation, Tanh};
use super::affine::{Affine, Product};
use super::gated::Gated;
use crate::error::SequenceError;
use crate::input::Input;
use crate::math::{Libm, Math, Scalar, Zero, finite};
use crate::part::{Part, Sweep, step_through};
use core::marker::PhantomData;
use zerocopy::{FromBytes, Immutable, KnownLayout};

/// Elman cell: h_t = g(W_ih x_t + W_hh h_{t-1} + b), with g = [`Tanh`] or [`Relu`](super::Relu).
///
/// `I` inputs, `H` units, `B` bias vectors; H·(I + H + B) parameters; H·(I + H) multiply-adds per step. The state has H
/// values; the record of a step has 2·H, or 8·H bytes with `f32`. Elman, "Finding structure in time", Cognitive Science
/// 14 (1990).
#[derive(Clone, Debug, PartialEq, FromBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Elman<const I: usize, const H: usize, M: Math = Libm<f32>, const B: usize = 1, A = Tanh> {
    /// Weights and biases.
    pub affine: Affine<M::Scalar, I, H, 1, B>,
    activation: PhantomData<A>,
}

impl<const I: usize, const H: usize, M: Math, const B: usize, A> Zero for Elman<I, H, M, B, A> {
    const ZERO: Self = Self { affine: Affine::ZERO, activation: PhantomData };
    const INPUTS: usize = I;
    const OUTPUTS: usize = H;
}

impl<const I: usize, const H: usize, M: Math, const B: usize, A: Activation> Part for Elman<I, H, M, B, A> {
    type Math = M;
    type State = [M::Scalar; H];
    type Output = [M::Scalar; H];
    type Room<const T: usize> = [[M::Scalar; H]; T];
    fn output(state: &Self::State) -> &Self::Output {
        state
    }
    fn is_finite(state: &Self::State) -> bool {
        finite(state)
    }
}

#[diagnostic::do_not_recommend]
impl<const I: usize, const H: usize, M: Math, const B: usize, A: Activation, X> Sweep<X> for Elman<I, H, M, B, A>
where
    X: Input<M::Scalar, I>,
{
    fn accepts(x: &X) -> bool {
        x.magnitude().is_finite()
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

impl<const I: usize, const H: usize, M: Math, const B: usize, A: Activation> Gated for Elman<I, H, M, B, A> {
    type Map = Affine<M::Scalar, I, H, 1, B>;
    /// Argument of g; after the backward pass, its gradient δ.
    type Gates = [[M::Scalar; H]; 1];
    const GATES: &'static [&'static str] = &[];
    fn map(&self) -> &Self::Map {
        &self.affine
    }
    fn map_mut(&mut self) -> &mut Self::Map {
        &mut self.affine
    }
    fn hidden_mut(state: &mut Self::State) -> &mut Self::Output {
        state
    }
    fn biases(&self) -> Self::Gates {
        self.affine.bias()
    }
    fn arguments(gates: &mut Self::Gates) -> &mut [M::Scalar] {
        gates.as_flattened_mut()
    }
    fn forward(&self, gates: &mut Self::Gates, h: &mut Self::State) {
        self.affine.add_recurrent(gates.as_flattened_mut(), 0, h);
        [*h] = *gates;
        A::apply_all::<M>(h);
    }
    /// Computes δ_t = g′ · ∂L/∂h_t, then ∂L/∂h_{t-1} = W_hhᵀ δ_t.
    fn back(&self, gates: &mut Self::Gates, _: &Self::State, after: &Self::State, dh: &mut Self::State) {
        let [delta] = gates;
        for ((delta, &h), dh) in delta.iter_mut().zip(after).zip(dh.iter_mut()) {
            *delta = *dh * A::derivative(h);
            *dh = M::Scalar::ZERO;
        }
        self.affine.add_recurrent_gradient(dh, 0, delta);
    }
    fn deltas(gates: &Self::Gates) -> &[M::Scalar] {
        gates.as_flattened()
    }
    fn products<'a>(gates: &'a Self::Gates, h: &'a [M::Scalar]) -> [Product<'a, M::Scalar>; 2] {
        [Product { delta: gates.as_flattened(), source: h }, Product::NONE]
    }
    fn opened(_: &Self::Gates) -> impl Iterator<Item = &[M::Scalar]> {
        core::iter::empty()
    }
}
