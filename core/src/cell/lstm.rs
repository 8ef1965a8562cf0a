use super::activation::{Activation, Sigmoid, Tanh};
use super::affine::{Affine, Product};
use super::gated::Gated;
use crate::error::SequenceError;
use crate::input::Input;
use crate::math::{Libm, Math, Scalar, Zero, finite};
use crate::part::{Part, Sweep, step_through};
use zerocopy::{FromBytes, FromZeros, Immutable, KnownLayout};

/// Long short-term memory (LSTM). i, f and o are the input, forget and output gates, g is the candidate for the cell
/// state c:
///
/// ```text
/// i = σ(W_ii x + W_hi h + b_i)      g = tanh(W_ig x + W_hg h + b_g)
/// f = σ(W_if x + W_hf h + b_f)      o = σ(W_io x + W_ho h + b_o)
/// c′ = f ⊙ c + i ⊙ g
/// h′ = o ⊙ tanh(c′)
/// ```
///
/// `I` inputs, `H` units, `B` bias vectors, gates in the order i, f, g, o; 4·H·(I + H + B) parameters; 4·H·(I + H)
/// multiply-adds per step. The state has 2·H values; the record of a step has 6·H, or 24·H bytes with `f32`, and the
/// backward pass computes tanh(c′) again. [`init::forget_bias`](crate::init::forget_bias) opens the forget gate at the
/// start. Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 9 (1997), with the forget gate of
/// Gers, Schmidhuber and Cummins, "Learning to forget", Neural Computation 12 (2000).
#[derive(Clone, Debug, PartialEq, FromBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Lstm<const I: usize, const H: usize, M: Math = Libm<f32>, const B: usize = 1> {
    /// Weights and biases.
    pub affine: Affine<M::Scalar, I, H, 4, B>,
}

impl<const I: usize, const H: usize, M: Math, const B: usize> Zero for Lstm<I, H, M, B> {
    const ZERO: Self = Self { affine: Affine::ZERO };
    const INPUTS: usize = I;
    const OUTPUTS: usize = H;
}

/// State of an [`Lstm`], carried from step to step.
#[derive(Clone, Copy, Debug, PartialEq, FromZeros)]
pub struct LstmState<T, const H: usize> {
    /// Hidden state, the output of the cell.
    pub h: [T; H],
    /// Cell state.
    pub c: [T; H],
}

impl<T: Scalar, const H: usize> Zero for LstmState<T, H> {
    const ZERO: Self = Self { h: [T::ZERO; H], c: [T::ZERO; H] };
}

impl<const I: usize, const H: usize, M: Math, const B: usize> Part for Lstm<I, H, M, B> {
    type Math = M;
    type State = LstmState<M::Scalar, H>;
    type Output = [M::Scalar; H];
    type Room<const T: usize> = [[M::Scalar; H]; T];
    fn output(state: &Self::State) -> &Self::Output {
        &state.h
    }
    fn is_finite(state: &Self::State) -> bool {
        finite(&state.h) && finite(&state.c)
    }
}

#[diagnostic::do_not_recommend]
impl<const I: usize, const H: usize, M: Math, const B: usize, X> Sweep<X> for Lstm<I, H, M, B>
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

impl<const I: usize, const H: usize, M: Math, const B: usize> Gated for Lstm<I, H, M, B> {
    type Map = Affine<M::Scalar, I, H, 4, B>;
    /// i, f, g and o; after the backward pass, the gradients δ_i, δ_f, δ_g, δ_o of their arguments.
    type Gates = [[M::Scalar; H]; 4];
    const GATES: &'static [&'static str] = &["i", "f", "o"];
    fn map(&self) -> &Self::Map {
        &self.affine
    }
    fn map_mut(&mut self) -> &mut Self::Map {
        &mut self.affine
    }
    fn hidden_mut(state: &mut Self::State) -> &mut Self::Output {
        &mut state.h
    }
    fn biases(&self) -> Self::Gates {
        self.affine.bias()
    }
    fn arguments(gates: &mut Self::Gates) -> &mut [M::Scalar] {
        gates.as_flattened_mut()
    }
    fn forward(&self, gates: &mut Self::Gates, state: &mut Self::State) {
        self.affine.add_recurrent(gates.as_flattened_mut(), 0, &state.h);
        let [i_and_f @ .., g, o] = gates;
        Sigmoid::apply_all::<M>(i_and_f.as_flattened_mut());
        Tanh::apply_all::<M>(g);
        Sigmoid::apply_all::<M>(o);
        let [i, f] = i_and_f;
        for (((c, &i), &f), &g) in state.c.iter_mut().zip(&*i).zip(&*f).zip(&*g) {
            *c = f * *c + i * g;
        }
        state.h = state.c;
        Tanh::apply_all::<M>(&mut state.h);
        for (h, &o) in state.h.iter_mut().zip(&*o) {
            *h *= o;
        }
    }
    /// Computes δ_o = ∂L/∂h′ ⊙ tanh c′ ⊙ σ′; ∂L/∂c′ += ∂L/∂h′ ⊙ o ⊙ tanh′; δ_i = ∂L/∂c′ ⊙ g ⊙ σ′,
    /// δ_f = ∂L/∂c′ ⊙ c ⊙ σ′, δ_g = ∂L/∂c′ ⊙ i ⊙ tanh′; then ∂L/∂c = ∂L/∂c′ ⊙ f and ∂L/∂h = W_hhᵀ δ.
    fn back(&self, gates: &mut Self::Gates, before: &Self::State, after: &Self::State, gradient: &mut Self::State) {
        let LstmState { h: dh, c: dc } = gradient;
        let [i, f, g, o] = gates;
        let mut squashed = after.c;
        Tanh::apply_all::<M>(&mut squashed);
        for (((o, dh), dc), &y) in o.iter_mut().zip(dh.iter_mut()).zip(dc.iter_mut()).zip(&squashed) {
            *dc += *dh * *o * Tanh::derivative(y);
            *o = *dh * y * Sigmoid::derivative(*o);
            *dh = M::Scalar::ZERO;
        }
        for ((((i, f), g), dc), &c) in i.iter_mut().zip(f).zip(g).zip(dc).zip(&before.c) {
            let (delta_i, delta_f) = (*dc * *g * Sigmoid::derivative(*i), *dc * c * Sigmoid::derivative(*f));
            let delta_g = *dc * *i * Tanh::derivative(*g);
            *dc *= *f;
            (*i, *f, *g) = (delta_i, delta_f, delta_g);
        }
        self.affine.add_recurrent_gradient(dh, 0, gates.as_flattened());
    }
    fn deltas(gates: &Self::Gates) -> &[M::Scalar] {
        gates.as_flattened()
    }
    fn products<'a>(gates: &'a Self::Gates, h: &'a [M::Scalar]) -> [Product<'a, M::Scalar>; 2] {
        [Product { delta: gates.as_flattened(), source: h }, Product::NONE]
    }
    fn opened([i, f, _, o]: &Self::Gates) -> impl Iterator<Item = &[M::Scalar]> {
        [i.as_slice(), f, o].into_iter()
    }
    fn look(state: &Self::State, look: &mut impl FnMut(&'static str, &[M::Scalar])) {
        look("h", &state.h);
        look("c", &state.c);
    }
}
