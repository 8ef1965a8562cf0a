use super::activation::{Activation, Sigmoid, Tanh};
use super::affine::{Affine, Product};
use super::gated::Gated;
use crate::error::SequenceError;
use crate::input::Input;
use crate::linalg;
use crate::math::{Libm, Math, Scalar, Zero, finite};
use crate::part::{Part, Sweep, step_through};
use core::fmt::Debug;
use core::marker::PhantomData;
use zerocopy::{FromBytes, FromZeros, Immutable, KnownLayout};

/// Gated recurrent unit (GRU). r is the reset gate, z the update gate, n the candidate:
///
/// ```text
/// r = σ(W_ir x + b_ir + W_hr h + b_hr)
/// z = σ(W_iz x + b_iz + W_hz h + b_hz)
/// n = g(W_in x + b_in + r ⊙ (W_hn h + b_hn))     ResetAfter
/// n = g(W_in x + b_n + W_hn (r ⊙ h))             ResetBefore
/// h′ = (1 − z) ⊙ n + z ⊙ h
/// ```
///
/// `F` sets the position of the reset gate r. [`ResetAfter`] is PyTorch's only form and Keras' `reset_after=True`; it
/// has two bias vectors that cannot be merged, since r scales only b_hn; with `B` = 1 there is b_i but no b_h.
/// [`ResetBefore`] is the form of the paper, with one bias vector or none. g is [`Tanh`] by default; with another
/// [`Activation`], the cell of RNNoise is `ResetBeforeGru<I, H, Libm<f32>, Relu>`.
///
/// `I` inputs, `H` units, gates in the order r, z, n; 3·H·(I + H + B) parameters; 3·H·(I + H) multiply-adds per step.
/// The state has H values; the record of a step has 5·H, or 20·H bytes with `f32`. Cho et al., "Learning phrase
/// representations using RNN encoder–decoder", EMNLP 2014.
///
/// ```
/// use elman::cell::Relu;
/// use elman::{Gru, Libm, ResetBeforeGru, Zero};
/// static PYTORCH: Gru<3, 5> = Gru::ZERO;
/// static RNNOISE: ResetBeforeGru<3, 5, Libm<f32>, Relu> = Gru::ZERO;
/// ```
/// Two bias vectors do not compile with a reset gate before the product:
/// ```compile_fail
/// use elman::cell::ResetBefore;
/// use elman::{Gru, Libm, Zero};
/// static CELL: Gru<3, 5, Libm<f32>, 2, ResetBefore> = Gru::ZERO;
/// ```
#[derive(Clone, Debug, PartialEq, FromBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Gru<const I: usize, const H: usize, M: Math = Libm<f32>, const B: usize = 2, F = ResetAfter, A = Tanh> {
    /// Weights and biases.
    pub affine: Affine<M::Scalar, I, H, 3, B>,
    form: PhantomData<(F, A)>,
}

/// [`Gru`] with the reset gate before the product, and one bias vector.
pub type ResetBeforeGru<const I: usize, const H: usize, M = Libm<f32>, A = Tanh, const B: usize = 1> =
    Gru<I, H, M, B, ResetBefore, A>;

impl<const I: usize, const H: usize, M: Math, const B: usize, F: Form, A> Zero for Gru<I, H, M, B, F, A> {
    const ZERO: Self = {
        assert!(B <= F::BIASES, "a GRU that resets before the product has at most one bias vector");
        Self { affine: Affine::ZERO, form: PhantomData }
    };
    const INPUTS: usize = I;
    const OUTPUTS: usize = H;
}

/// Gates of a [`Gru`].
#[derive(Clone, Copy, Debug, FromZeros)]
pub struct GruGates<T, const H: usize> {
    /// r, z and n; after the backward pass, the gradients δ_r, δ_z, δ_n of their arguments.
    rzn: [[T; H]; 3],
    /// With [`ResetAfter`]: W_hn h + b_hn or, after the backward pass, its gradient. With [`ResetBefore`]: r ⊙ h.
    q: [T; H],
}

impl<T: Scalar, const H: usize> Zero for GruGates<T, H> {
    const ZERO: Self = Self { rzn: [[T::ZERO; H]; 3], q: [T::ZERO; H] };
}

/// Position of the reset gate in a [`Gru`], which decides how the state enters the candidate.
pub trait Form: 'static + Copy + Debug + Default + PartialEq {
    /// Word in the description of a network.
    const WORD: &'static str;
    /// Largest number of bias vectors; any more could be merged.
    const BIASES: usize;
    /// Adds the contribution of the state `h` to the argument of n.
    fn candidate<T: Scalar, const I: usize, const H: usize, const B: usize>(
        affine: &Affine<T, I, H, 3, B>,
        gates: &mut GruGates<T, H>,
        h: &[T; H],
    );
    /// Replaces r by δ_r and adds the candidate's part of the gradient of `h` to `dh`, both computed from δ_n.
    fn candidate_back<T: Scalar, const I: usize, const H: usize, const B: usize>(
        affine: &Affine<T, I, H, 3, B>,
        gates: &mut GruGates<T, H>,
        h: &[T; H],
        dh: &mut [T; H],
    );
    /// Returns the product with the candidate's recurrent weights: the gradients, and the vector that these weights
    /// read.
    fn product<'a, T, const H: usize>(gates: &'a GruGates<T, H>, h: &'a [T]) -> Product<'a, T>;
}

/// Reset gate after the product: r ⊙ (W_hn h + b_hn).
#[derive(Clone, Copy, Debug, Default, PartialEq, FromBytes, KnownLayout, Immutable)]
pub struct ResetAfter;

impl Form for ResetAfter {
    const WORD: &'static str = "reset_after";
    const BIASES: usize = 2;
    fn candidate<T: Scalar, const I: usize, const H: usize, const B: usize>(
        affine: &Affine<T, I, H, 3, B>,
        GruGates { rzn: [r, _, n], q }: &mut GruGates<T, H>,
        h: &[T; H],
    ) {
        affine.add_recurrent(q, N, h);
        for ((n, &r), &q) in n.iter_mut().zip(&*r).zip(&*q) {
            *n += r * q;
        }
    }
    /// Computes δ_q = δ_n ⊙ r, δ_r = δ_n ⊙ q ⊙ σ′, ∂L/∂h += W_hnᵀ δ_q.
    fn candidate_back<T: Scalar, const I: usize, const H: usize, const B: usize>(
        affine: &Affine<T, I, H, 3, B>,
        GruGates { rzn: [r, _, delta_n], q }: &mut GruGates<T, H>,
        _: &[T; H],
        dh: &mut [T; H],
    ) {
        for ((r, q), &delta_n) in r.iter_mut().zip(q.iter_mut()).zip(&*delta_n) {
            let delta_q = delta_n * *r;
            *r = delta_n * *q * Sigmoid::derivative(*r);
            *q = delta_q;
        }
        affine.add_recurrent_gradient(dh, N, q);
    }
    fn product<'a, T, const H: usize>(gates: &'a GruGates<T, H>, h: &'a [T]) -> Product<'a, T> {
        Product { delta: &gates.q, source: h }
    }
}

/// Reset gate before the product: W_hn (r ⊙ h).
#[derive(Clone, Copy, Debug, Default, PartialEq, FromBytes, KnownLayout, Immutable)]
pub struct ResetBefore;

impl Form for ResetBefore {
    const WORD: &'static str = "reset_before";
    const BIASES: usize = 1;
    fn candidate<T: Scalar, const I: usize, const H: usize, const B: usize>(
        affine: &Affine<T, I, H, 3, B>,
        GruGates { rzn: [r, _, n], q }: &mut GruGates<T, H>,
        h: &[T; H],
    ) {
        for ((q, &r), &h) in q.iter_mut().zip(&*r).zip(h) {
            *q = r * h;
        }
        affine.add_recurrent(n, N, q);
    }
    /// Computes ∂L/∂q = W_hnᵀ δ_n, δ_r = ∂L/∂q ⊙ h ⊙ σ′, ∂L/∂h += ∂L/∂q ⊙ r.
    fn candidate_back<T: Scalar, const I: usize, const H: usize, const B: usize>(
        affine: &Affine<T, I, H, 3, B>,
        GruGates { rzn: [r, _, delta_n], .. }: &mut GruGates<T, H>,
        h: &[T; H],
        dh: &mut [T; H],
    ) {
        let mut dq = [T::ZERO; H];
        affine.add_recurrent_gradient(&mut dq, N, delta_n);
        for (((r, &dq), &h), dh) in r.iter_mut().zip(&dq).zip(h).zip(dh) {
            *dh += dq * *r;
            *r = dq * h * Sigmoid::derivative(*r);
        }
    }
    fn product<'a, T, const H: usize>(GruGates { rzn, q }: &'a GruGates<T, H>, _: &'a [T]) -> Product<'a, T> {
        let [_, _, n] = rzn;
        Product { delta: n, source: q }
    }
}

/// Index of the candidate n among the gates.
const N: usize = 2;

impl<const I: usize, const H: usize, M: Math, const B: usize, F: Form, A: Activation> Part for Gru<I, H, M, B, F, A> {
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
impl<const I: usize, const H: usize, M: Math, const B: usize, F: Form, A: Activation, X> Sweep<X>
    for Gru<I, H, M, B, F, A>
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

impl<const I: usize, const H: usize, M: Math, const B: usize, F: Form, A: Activation> Gated for Gru<I, H, M, B, F, A> {
    type Map = Affine<M::Scalar, I, H, 3, B>;
    type Gates = GruGates<M::Scalar, H>;
    const GATES: &'static [&'static str] = &["r", "z"];
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
        let mut gates = GruGates::ZERO;
        let GruGates { rzn: [r, z, n], q } = &mut gates;
        // For n, the first bias vector is outside the product with r and the second inside.
        for ([b_r, b_z, b_n], n) in self.affine.b.iter().zip([n, q]) {
            linalg::add(r, b_r);
            linalg::add(z, b_z);
            linalg::add(n, b_n);
        }
        gates
    }
    fn arguments(gates: &mut Self::Gates) -> &mut [M::Scalar] {
        gates.rzn.as_flattened_mut()
    }
    fn forward(&self, gates: &mut Self::Gates, h: &mut Self::State) {
        let [rz @ .., _] = &mut gates.rzn;
        self.affine.add_recurrent(rz.as_flattened_mut(), 0, h);
        Sigmoid::apply_all::<M>(rz.as_flattened_mut());
        F::candidate(&self.affine, gates, h);
        let [_, z, n] = &mut gates.rzn;
        A::apply_all::<M>(n);
        for ((h, &z), &n) in h.iter_mut().zip(&*z).zip(&*n) {
            *h = (M::Scalar::ONE - z) * n + z * *h;
        }
    }
    /// Computes δ_n = ∂L/∂h′ ⊙ (1 − z) ⊙ g′, δ_z = ∂L/∂h′ ⊙ (h − n) ⊙ σ′, ∂L/∂h = ∂L/∂h′ ⊙ z + the candidate's
    /// term + W_hrzᵀ (δ_r, δ_z).
    fn back(&self, gates: &mut Self::Gates, before: &Self::State, _: &Self::State, dh: &mut Self::State) {
        let [_, z, n] = &mut gates.rzn;
        for (((z, n), &h), dh) in z.iter_mut().zip(n).zip(before).zip(dh.iter_mut()) {
            let delta_n = *dh * (M::Scalar::ONE - *z) * A::derivative(*n);
            let delta_z = *dh * (h - *n) * Sigmoid::derivative(*z);
            *dh *= *z;
            (*z, *n) = (delta_z, delta_n);
        }
        F::candidate_back(&self.affine, gates, before, dh);
        let [rz @ .., _] = &gates.rzn;
        self.affine.add_recurrent_gradient(dh, 0, rz.as_flattened());
    }
    fn deltas(gates: &Self::Gates) -> &[M::Scalar] {
        gates.rzn.as_flattened()
    }
    fn products<'a>(gates: &'a Self::Gates, h: &'a [M::Scalar]) -> [Product<'a, M::Scalar>; 2] {
        let [rz @ .., _] = &gates.rzn;
        [Product { delta: rz.as_flattened(), source: h }, F::product(gates, h)]
    }
    fn opened(gates: &Self::Gates) -> impl Iterator<Item = &[M::Scalar]> {
        let [r, z, _] = &gates.rzn;
        [r.as_slice(), z].into_iter()
    }
}
