use super::activation::{Activation, Sigmoid, Tanh};
use super::affine::{Affine, Product};
use super::gated::Gated;
use crate::architecture::{Architecture, Stored, Text, parameter_bytes, stored_parameters};
use crate::error::SequenceError;
use crate::input::Input;
use crate::math::{Libm, Math, Scalar, Zero, finite};
use crate::parameters::Path;
use crate::part::{Part, Sweep, step_through};
use zerocopy::{FromBytes, FromZeros, Immutable, KnownLayout};

/// Minimal gated unit (MGU). The gate f is both forget gate and input gate, n is the candidate:
///
/// ```text
/// f = σ(W_if x + W_hf h + b_f)
/// n = tanh(W_in x + W_hn (f ⊙ h) + b_n)
/// h′ = (1 − f) ⊙ h + f ⊙ n
/// ```
///
/// `I` inputs, `H` units, `B` bias vectors (0 or 1, since two could be merged), gates in the order f, n;
/// 2·H·(I + H + B) parameters; 2·H·(I + H) multiply-adds per step, two thirds of a [`Gru`](super::Gru). The state has H
/// values; the record of a step has 4·H, or 16·H bytes with `f32`. Zhou, Wu, Zhang and Zhou, "Minimal gated unit for
/// recurrent neural networks", International Journal of Automation and Computing 13 (2016).
///
/// ```
/// use elman::{Dense, Mgu, Network, Zero};
/// static NETWORK: Network<Mgu<3, 8>, Dense<8, 2>> = Network::ZERO;
/// assert_eq!(NETWORK.step(&mut Zero::ZERO, &[1.0; 3]), [0.0; 2]);
/// ```
/// Two bias vectors do not compile:
/// ```compile_fail,E0080
/// use elman::{Libm, Mgu, Zero};
/// static CELL: Mgu<3, 8, Libm<f32>, 2> = Mgu::ZERO;
/// ```
#[derive(Clone, Debug, PartialEq, FromBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Mgu<const I: usize, const H: usize, M: Math = Libm<f32>, const B: usize = 1> {
    /// Weights and biases.
    pub affine: Affine<M::Scalar, I, H, 2, B>,
}

impl<const I: usize, const H: usize, M: Math, const B: usize> Zero for Mgu<I, H, M, B> {
    const ZERO: Self = {
        assert!(B <= 1, "a minimal gated unit has at most one bias vector");
        Self { affine: Affine::ZERO }
    };
    const INPUTS: usize = I;
    const OUTPUTS: usize = H;
}

impl<const I: usize, const H: usize, M: Math, const B: usize> Architecture for Mgu<I, H, M, B> {
    type Real = M::Scalar;
    const ARCHITECTURE: Text = Text::of("mgu", &[I, H, B], &[Text::new("fn")]);
    const WEIGHTS: usize = parameter_bytes::<Self>();
    fn stored(&self, path: Path<'_>, look: &mut dyn FnMut(Stored<'_>)) {
        stored_parameters(self, path, look);
    }
}

/// Gates of an [`Mgu`].
#[derive(Clone, Copy, Debug, FromZeros)]
pub struct MguGates<T, const H: usize> {
    /// f and n; after the backward pass, the gradients δ_f, δ_n of their arguments.
    gates: [[T; H]; 2],
    /// Product f ⊙ h.
    kept: [T; H],
}

impl<T: Scalar, const H: usize> Zero for MguGates<T, H> {
    const ZERO: Self = Self { gates: [[T::ZERO; H]; 2], kept: [T::ZERO; H] };
}

/// Index of the candidate n among the gates.
const N: usize = 1;

impl<const I: usize, const H: usize, M: Math, const B: usize> Part for Mgu<I, H, M, B> {
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
impl<const I: usize, const H: usize, M: Math, const B: usize, X> Sweep<X> for Mgu<I, H, M, B>
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

impl<const I: usize, const H: usize, M: Math, const B: usize> Gated for Mgu<I, H, M, B> {
    type Map = Affine<M::Scalar, I, H, 2, B>;
    type Gates = MguGates<M::Scalar, H>;
    const GATES: &'static [&'static str] = &["f"];
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
        MguGates { gates: self.affine.bias(), kept: Zero::ZERO }
    }
    fn arguments(gates: &mut Self::Gates) -> &mut [M::Scalar] {
        gates.gates.as_flattened_mut()
    }
    fn forward(&self, MguGates { gates: [f, n], kept }: &mut Self::Gates, h: &mut Self::State) {
        self.affine.add_recurrent(f, 0, h);
        Sigmoid::apply_all::<M>(f);
        for ((kept, &f), &h) in kept.iter_mut().zip(&*f).zip(&*h) {
            *kept = f * h;
        }
        self.affine.add_recurrent(n, N, kept);
        Tanh::apply_all::<M>(n);
        for ((h, &f), &n) in h.iter_mut().zip(&*f).zip(&*n) {
            *h = (M::Scalar::ONE - f) * *h + f * n;
        }
    }
    /// Computes δ_n = ∂L/∂h′ ⊙ f ⊙ tanh′; with q = f ⊙ h, ∂L/∂q = W_hnᵀ δ_n; δ_f = (∂L/∂h′ ⊙ (n − h) + ∂L/∂q ⊙ h) ⊙ σ′;
    /// ∂L/∂h = ∂L/∂h′ ⊙ (1 − f) + ∂L/∂q ⊙ f + W_hfᵀ δ_f.
    fn back(&self, gates: &mut Self::Gates, before: &Self::State, _: &Self::State, dh: &mut Self::State) {
        let [f, n] = &mut gates.gates;
        // `df` holds the part of ∂L/∂f that comes through h′ until ∂L/∂q is known; f itself is needed until then.
        let (mut dq, mut df) = ([M::Scalar::ZERO; H], *dh);
        for ((((df, n), &f), &h), dh) in df.iter_mut().zip(n.iter_mut()).zip(&*f).zip(before).zip(dh.iter_mut()) {
            *df *= *n - h;
            *n = *dh * f * Tanh::derivative(*n);
            *dh *= M::Scalar::ONE - f;
        }
        self.affine.add_recurrent_gradient(&mut dq, N, n);
        for ((((f, &df), &dq), &h), dh) in f.iter_mut().zip(&df).zip(&dq).zip(before).zip(dh.iter_mut()) {
            *dh += dq * *f;
            *f = (df + dq * h) * Sigmoid::derivative(*f);
        }
        self.affine.add_recurrent_gradient(dh, 0, f);
    }
    fn deltas(gates: &Self::Gates) -> &[M::Scalar] {
        gates.gates.as_flattened()
    }
    fn products<'a>(gates: &'a Self::Gates, h: &'a [M::Scalar]) -> [Product<'a, M::Scalar>; 2] {
        let [f, n] = &gates.gates;
        [Product { delta: f, source: h }, Product { delta: n, source: &gates.kept }]
    }
    fn opened(gates: &Self::Gates) -> impl Iterator<Item = &[M::Scalar]> {
        let [f, _] = &gates.gates;
        core::iter::once(f.as_slice())
    }
}
