use super::activation::{Activation, Sigmoid, Tanh};
use super::{Before, Cell, Learns, Recurrent, Taken};
use crate::architecture::{Architecture, Stored, Text, parameter_bytes, stored_parameters};
use crate::error::SequenceError;
use crate::input::Input;
use crate::linalg;
use crate::math::{Libm, Math, Scalar, Zero, finite, larger};
use crate::parameters::{Parameters, Path, Role, Tensor};
use crate::part::{Leaf, Part, Step, Sweep, step_through};
use core::slice;
use zerocopy::{FromBytes, Immutable, KnownLayout};

mod low_rank;
mod rank;
mod record;

pub use low_rank::{Factors, LowRank};
pub use rank::{FullRank, Rank};
pub use record::FastGrnnRecord;

/// FastGRNN cell, in which the gate z and the candidate n share one product and two learned scalars ζ, ν scale the
/// candidate:
///
/// ```text
/// p = W x + U h
/// z = σ(p + b_z)
/// n = tanh(p + b_n)
/// h′ = (ζ (1 − z) + ν) ⊙ n + z ⊙ h        ζ = σ(ζ̂), ν = σ(ν̂)
/// ```
///
/// `I` inputs, `H` units. `W` and `U` select the form of each matrix: [`FullRank`], or [`LowRank`] for a product of two
/// matrices. With full rank there are H·(I + H + 2) + 2 parameters and H·(I + H) multiply-adds per step, a third of a
/// [`Gru`](super::Gru); the state has H values, and the record of a step 4·H + 2, or 16·H + 8 bytes with `f32`. With
/// rank R, W takes R·(I + H) instead of H·I, U takes 2·R·H instead of H², and each adds 2·R values to the record. A
/// step evaluates 2·H + 2 activation functions. |h| is not bounded by 1: for a constant z near 1 it can reach
/// ζ + ν / (1 − z). Kusupati et al., "FastGRNN: a fast, accurate, stable and tiny kilobyte sized gated recurrent neural
/// network", NeurIPS 2018.
///
/// ```
/// use elman::cell::LowRank;
/// use elman::{Dense, FastGrnn, Libm, Network, Zero};
/// static FULL: Network<FastGrnn<3, 8>, Dense<8, 2>> = Network::ZERO;
/// static LOW: Network<FastGrnn<3, 8, Libm, LowRank<2>, LowRank<4>>, Dense<8, 2>> = Network::ZERO;
/// assert_eq!(FULL.step(&mut Zero::ZERO, &[1.0; 3]), [0.0; 2]);
/// ```
#[derive(Clone, Debug, PartialEq, FromBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct FastGrnn<const I: usize, const H: usize, M: Math = Libm<f32>, W: Rank = FullRank, U: Rank = FullRank> {
    /// Matrix W, the weights of the input.
    pub w_ih: W::Weights<M::Scalar, I, H>,
    /// Matrix U, the weights of the previous state.
    pub w_hh: U::Weights<M::Scalar, H, H>,
    /// Biases b_z and b_n.
    pub b: [[M::Scalar; H]; 2],
    /// ζ̂, where ζ = σ(ζ̂).
    pub zeta: M::Scalar,
    /// ν̂, where ν = σ(ν̂).
    pub nu: M::Scalar,
}

impl<const I: usize, const H: usize, M: Math, W: Rank, U: Rank> Zero for FastGrnn<I, H, M, W, U> {
    const ZERO: Self = {
        assert!(I > 0 && H > 0, "a cell has at least one input and one unit");
        Self { w_ih: Zero::ZERO, w_hh: Zero::ZERO, b: Zero::ZERO, zeta: Zero::ZERO, nu: Zero::ZERO }
    };
    const INPUTS: usize = I;
    const OUTPUTS: usize = H;
}

impl<const I: usize, const H: usize, M: Math, W: Rank, U: Rank> Architecture for FastGrnn<I, H, M, W, U> {
    type Real = M::Scalar;
    const ARCHITECTURE: Text = Text::of("fastgrnn", &[I, H], &[Text::new("zn"), W::TEXT, U::TEXT]);
    const WEIGHTS: usize = parameter_bytes::<Self>();
    fn stored(&self, path: Path<'_>, look: &mut dyn FnMut(Stored<'_>)) {
        stored_parameters(self, path, look);
    }
}

impl<const I: usize, const H: usize, M: Math, W: Rank, U: Rank> FastGrnn<I, H, M, W, U> {
    /// Sets ζ̂ = 1 and ν̂ = −4, so that ζ = 0.73 and ν = 0.018. Call this after the functions of [`init`](crate::init),
    /// which treat both as biases.
    ///
    /// These are the initial values of the authors' code: `FastGRNNCell` of EdgeML, `zetaInit=1.0, nuInit=-4.0`.
    ///
    /// ```
    /// use elman::{Dense, FastGrnn, Libm, Network, Xoshiro128, Zero, init};
    /// let mut net = Network::<FastGrnn<4, 8>, Dense<8, 3>>::ZERO;
    /// init::uniform_fan::<Libm<f32>, _>(&mut net, &mut Xoshiro128::from_seed(1));
    /// net.cell.start_scalars();
    /// assert_eq!((net.cell.zeta, net.cell.nu), (1.0, -4.0));
    /// ```
    pub fn start_scalars(&mut self) {
        (self.zeta, self.nu) = (M::Scalar::ONE, M::Scalar::from_f32(-4.0));
    }

    /// Returns ζ and ν.
    fn scalars(&self) -> (M::Scalar, M::Scalar) {
        (M::sigmoid(self.zeta), M::sigmoid(self.nu))
    }

    /// Runs one step and writes the data for the backward pass to `record`, except the state after the step.
    pub(crate) fn advance<X>(&self, record: &mut <Self as Recurrent>::Record, h: &mut [M::Scalar; H], x: &X)
    where
        X: Input<M::Scalar, I>,
    {
        let FastGrnnRecord { gates, shared, input, recurrent, .. } = record;
        *shared = Zero::ZERO;
        W::add(&self.w_ih, input, shared, x);
        U::add(&self.w_hh, recurrent, shared, h);
        *gates = self.b;
        let [z, n] = gates;
        linalg::add(z, shared);
        linalg::add(n, shared);
        Sigmoid::apply_all::<M>(z);
        Tanh::apply_all::<M>(n);
        let (zeta, nu) = self.scalars();
        for ((h, &z), &n) in h.iter_mut().zip(&*z).zip(&*n) {
            *h = (zeta * (M::Scalar::ONE - z) + nu) * n + z * *h;
        }
    }

    fn tensors<'a>(path: &'a Path<'a>) -> [Tensor<'a>; 3] {
        let tensor = |name, shape| Tensor { path: path.at(name), role: Role::Bias, shape, fan: H };
        [tensor("b", [1, 2, H]), tensor("zeta", [1; 3]), tensor("nu", [1; 3])]
    }
}

impl<const I: usize, const H: usize, M: Math, W: Rank, U: Rank> Leaf for FastGrnn<I, H, M, W, U> {}

impl<const I: usize, const H: usize, M: Math, W: Rank, U: Rank> Part for FastGrnn<I, H, M, W, U> {
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
impl<const I: usize, const H: usize, M: Math, W: Rank, U: Rank, X> Sweep<X> for FastGrnn<I, H, M, W, U>
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

#[diagnostic::do_not_recommend]
impl<const I: usize, const H: usize, M: Math, W: Rank, U: Rank, X> Step<X> for FastGrnn<I, H, M, W, U>
where
    X: Input<M::Scalar, I>,
{
    fn step(&self, state: &mut Self::State, x: &X) {
        self.advance(&mut { <Self as Recurrent>::Record::ZERO }, state, x);
    }
}

impl<const I: usize, const H: usize, M: Math, W: Rank, U: Rank> Recurrent for FastGrnn<I, H, M, W, U> {
    type Record = FastGrnnRecord<M::Scalar, H, W::Between<M::Scalar>, U::Between<M::Scalar>>;
    const LAYERS: usize = 1;
    fn output_mut(state: &mut Self::State) -> &mut Self::Output {
        state
    }
    fn recorded(record: &Self::Record) -> &Self::Output {
        &record.h
    }
    /// Computes δ_z = ∂L/∂h′ ⊙ (h − ζ n) ⊙ σ′, δ_n = ∂L/∂h′ ⊙ (ζ (1 − z) + ν) ⊙ tanh′, δ_p = δ_z + δ_n; ∂L/∂ζ = Σ
    /// ∂L/∂h′ ⊙ (1 − z) ⊙ n, ∂L/∂ν = Σ ∂L/∂h′ ⊙ n; ∂L/∂h = ∂L/∂h′ ⊙ z + Uᵀ δ_p.
    fn step_back(&self, record: &mut Self::Record, before: Before<'_, Self>, dh: &mut Self::State) {
        let ([z, n], delta, (zeta, nu)) = (&mut record.gates, &mut record.shared, self.scalars());
        for ((let_in, &z), &n) in delta.iter_mut().zip(&*z).zip(&*n) {
            *let_in = (M::Scalar::ONE - z) * n;
        }
        record.zeta = linalg::dot(dh, delta) * Sigmoid::derivative(zeta);
        record.nu = linalg::dot(dh, n) * Sigmoid::derivative(nu);
        let units = z.iter_mut().zip(n).zip(delta.iter_mut()).zip(FastGrnnRecord::state(before)).zip(dh.iter_mut());
        for ((((z, n), delta), &h), dh) in units {
            let delta_z = *dh * (h - zeta * *n) * Sigmoid::derivative(*z);
            let delta_n = *dh * (zeta * (M::Scalar::ONE - *z) + nu) * Tanh::derivative(*n);
            *dh *= *z;
            (*z, *n, *delta) = (delta_z, delta_n, delta_z + delta_n);
        }
        W::back(&self.w_ih, &mut record.input, delta);
        U::back(&self.w_hh, &mut record.recurrent, delta);
        U::add_input_gradient::<_, Self::State, H, H>(&self.w_hh, &record.recurrent, dh, delta);
    }
    fn look_at_state(state: &Self::State, look: &mut impl FnMut(usize, &'static str, &[M::Scalar])) {
        look(0, "h", state);
    }
    fn look_at_gates(record: &Self::Record, look: &mut impl FnMut(usize, &'static str, &[M::Scalar])) {
        let [z, _] = &record.gates;
        look(0, "z", z);
    }
}

#[diagnostic::do_not_recommend]
impl<const I: usize, const H: usize, M: Math, W: Rank, U: Rank, X> Learns<X> for FastGrnn<I, H, M, W, U>
where
    X: Input<M::Scalar, I>,
{
    type InputGradient = X::Gradient;
    /// Number of parts: one for each row of W and of U, one for the biases, and one for the scalars.
    const UNITS: usize = X::UNITS + W::BETWEEN + H + U::BETWEEN + 2;
}

#[diagnostic::do_not_recommend]
impl<const I: usize, const H: usize, M: Math, W: Rank, U: Rank, X> Cell<X> for FastGrnn<I, H, M, W, U>
where
    X: Input<M::Scalar, I>,
{
    fn step_recorded(&self, state: &mut Self::State, x: &X, record: &mut Self::Record) {
        self.advance(record, state, x);
        record.h = *state;
    }
    fn add_input_gradient(&self, record: &Self::Record, gradient: &mut X::Gradient) {
        W::add_input_gradient::<_, X, I, H>(&self.w_ih, &record.input, gradient, &record.shared);
    }
    fn bound(step: Taken<'_, Self, X>) -> M::Scalar {
        let (record, delta) = (step.record, M::Scalar::largest(&step.record.shared));
        let input = W::bound(&record.input, step.input.magnitude(), delta);
        let recurrent = U::bound(&record.recurrent, M::Scalar::largest(FastGrnnRecord::state(step.before)), delta);
        let biases =
            larger(M::Scalar::largest(record.gates.as_flattened()), M::Scalar::largest(&[record.zeta, record.nu]));
        larger(larger(input, recurrent), biases)
    }
    fn accumulate<'a>(
        target: &mut Self,
        unit: usize,
        scale: M::Scalar,
        steps: impl Iterator<Item = Taken<'a, Self, X>> + Clone,
    ) where
        Self: 'a,
        X: 'a,
    {
        let (input, recurrent) = (X::UNITS + W::BETWEEN, H + U::BETWEEN);
        if unit < input {
            let steps = steps.map(|s| (s.input, &s.record.input, &s.record.shared));
            W::accumulate(&mut target.w_ih, unit, scale, steps);
        } else if unit < input + recurrent {
            let steps = steps.map(|s| (FastGrnnRecord::state(s.before), &s.record.recurrent, &s.record.shared));
            U::accumulate(&mut target.w_hh, unit - input, scale, steps);
        } else if unit == input + recurrent {
            linalg::add_scaled(target.b.as_flattened_mut(), steps.map(|s| (scale, s.record.gates.as_flattened())));
        } else {
            let (zeta, nu) = (slice::from_mut(&mut target.zeta), slice::from_mut(&mut target.nu));
            linalg::add_scaled(zeta, steps.clone().map(|s| (scale, slice::from_ref(&s.record.zeta))));
            linalg::add_scaled(nu, steps.map(|s| (scale, slice::from_ref(&s.record.nu))));
        }
    }
    fn descend<'a>(&mut self, unit: usize, scale: M::Scalar, steps: impl Iterator<Item = Taken<'a, Self, X>> + Clone)
    where
        Self: 'a,
        X: 'a,
    {
        Self::accumulate(self, unit, scale, steps);
    }
}

impl<const I: usize, const H: usize, M: Math, W: Rank, U: Rank> Parameters for FastGrnn<I, H, M, W, U> {
    type Scalar = M::Scalar;
    type Gradient = Self;
    /// Size of the cell in scalars, since it consists of nothing but parameters.
    const COUNT: usize = size_of::<Self>() / size_of::<M::Scalar>();
    fn walk<const N: usize>(
        &mut self,
        mut others: [&mut Self; N],
        path: Path<'_>,
        f: &mut impl FnMut(Tensor<'_>, &mut [M::Scalar], [&mut [M::Scalar]; N]),
    ) {
        let [b, zeta, nu] = Self::tensors(&path);
        let w_ih = others.each_mut().map(|o| &mut o.w_ih);
        W::walk(&mut self.w_ih, w_ih, (&path.at("w_ih"), Role::Input), f);
        let w_hh = others.each_mut().map(|o| &mut o.w_hh);
        U::walk(&mut self.w_hh, w_hh, (&path.at("w_hh"), Role::Recurrent), f);
        f(b, self.b.as_flattened_mut(), others.each_mut().map(|o| o.b.as_flattened_mut()));
        f(zeta, slice::from_mut(&mut self.zeta), others.each_mut().map(|o| slice::from_mut(&mut o.zeta)));
        f(nu, slice::from_mut(&mut self.nu), others.each_mut().map(|o| slice::from_mut(&mut o.nu)));
    }
    fn view(&self, path: Path<'_>, f: &mut impl FnMut(Tensor<'_>, &[M::Scalar])) {
        let [b, zeta, nu] = Self::tensors(&path);
        W::view(&self.w_ih, (&path.at("w_ih"), Role::Input), f);
        U::view(&self.w_hh, (&path.at("w_hh"), Role::Recurrent), f);
        f(b, self.b.as_flattened());
        f(zeta, slice::from_ref(&self.zeta));
        f(nu, slice::from_ref(&self.nu));
    }
}
