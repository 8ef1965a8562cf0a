use super::activation::{Activation, Tanh};
use super::affine::{Affine, Deltas, Reads};
use super::gated::Gated;
use crate::math::{Libm, Math, Zero};
use core::marker::PhantomData;
use zerocopy::{FromBytes, Immutable, KnownLayout};

/// The Elman cell: h_t = g(W_ih x_t + W_hh h_{t-1} + b), with g = [`Tanh`] or [`Relu`](super::Relu).
///
/// `I` inputs, `H` units, `B` bias vectors. H·(I + H + B) parameters and H·(I + H) multiply-adds a step; the state is H
/// numbers, the record of a step 2·H, so 8·H bytes of `f32`.
/// Elman, "Finding structure in time", Cognitive Science 14 (1990).
#[derive(Clone, Debug, PartialEq, FromBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Elman<const I: usize, const H: usize, M: Math = Libm<f32>, const B: usize = 1, A = Tanh> {
    /// Its weights.
    pub affine: Affine<M::Scalar, I, H, 1, B>,
    activation: PhantomData<A>,
}

impl<const I: usize, const H: usize, M: Math, const B: usize, A> Zero for Elman<I, H, M, B, A> {
    const ZERO: Self = Self { affine: Affine::ZERO, activation: PhantomData };
}

impl<const I: usize, const H: usize, M: Math, const B: usize, A: Activation> Gated for Elman<I, H, M, B, A> {
    type Math = M;
    type Affine = Affine<M::Scalar, I, H, 1, B>;
    type State = [M::Scalar; H];
    type Output = [M::Scalar; H];
    /// g's argument; once back, its gradient δ.
    type Gates = [[M::Scalar; H]; 1];
    fn affine(&self) -> &Self::Affine {
        &self.affine
    }
    fn affine_mut(&mut self) -> &mut Self::Affine {
        &mut self.affine
    }
    fn hidden(state: &Self::State) -> &Self::Output {
        state
    }
    fn hidden_mut(state: &mut Self::State) -> &mut Self::Output {
        state
    }
    fn forward<X>(&self, gates: &mut Self::Gates, h: &mut Self::State, x: &X)
    where
        Self::Affine: Reads<M::Scalar, X>,
    {
        *gates = self.affine.bias();
        self.affine.add_input(gates.as_flattened_mut(), x);
        self.affine.add_recurrent(gates.as_flattened_mut(), 0, h);
        [*h] = *gates;
        A::apply_all::<M>(h);
    }
    /// δ_t = g′ · ∂L/∂h_t, then ∂L/∂h_{t-1} = W_hhᵀ δ_t.
    fn back(&self, gates: &mut Self::Gates, _: &Self::State, after: &Self::State, dh: &mut Self::State) {
        let [delta] = gates;
        for ((delta, &h), dh) in delta.iter_mut().zip(after).zip(dh.iter_mut()) {
            *delta = *dh * A::derivative(h);
            *dh = M::Scalar::ZERO;
        }
        self.affine.add_recurrent_gradient(dh, 0, delta);
    }
    fn deltas(gates: &Self::Gates) -> Deltas<'_, M::Scalar> {
        Deltas::of(gates.as_flattened())
    }
}
