use super::memoryless::Passed;
use super::{Before, Cell, Learns, Recurrent, Taken};
use crate::dense::{Dense, LearnedReadout, Readout};
use crate::error::SequenceError;
use crate::input::Input;
use crate::math::{Libm, Math, Scalar, Zero, finite, larger};
use crate::parameters::{Parameters, Path, Tensor};
use crate::part::{Leaf, Part, Step, Sweep, step_through};
use core::marker::PhantomData;
use zerocopy::{FromBytes, Immutable, KnownLayout};

/// Linear layer y_t = W x_t + b below a cell: a learned map to vectors of another width, for example the width of
/// an [`Embedding`](super::Embedding).
///
/// `I` inputs, vectors of `E` elements; E·(I + 1) parameters; E·I multiply-adds per step. The state is the current
/// vector of E values, which the next step replaces; the record of a step has 2·E values, or 8·E bytes with
/// `f32`. State and record have the same types as those of an embedding, so a projection and an embedding can be
/// combined in an [`EncoderDecoder`](super::EncoderDecoder).
///
/// ```
/// use elman::{Dense, Elman, Network, Projection, Stacked, Zero};
/// let net = Network::<Stacked<Projection<40, 8>, Elman<8, 16>>, Dense<16, 2>>::ZERO;
/// assert_eq!(net.step(&mut Zero::ZERO, &[1.0; 40]), [0.0; 2]);
/// ```
#[derive(Clone, Debug, PartialEq, FromBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Projection<const I: usize, const E: usize, M: Math = Libm<f32>> {
    /// Weights and bias.
    pub linear: Dense<I, E, M::Scalar>,
    math: PhantomData<M>,
}

impl<const I: usize, const E: usize, M: Math> Zero for Projection<I, E, M> {
    const ZERO: Self = Self { linear: Dense::ZERO, math: PhantomData };
    const INPUTS: usize = I;
    const OUTPUTS: usize = E;
}

impl<const I: usize, const E: usize, M: Math> Leaf for Projection<I, E, M> {}

impl<const I: usize, const E: usize, M: Math> Part for Projection<I, E, M> {
    type Math = M;
    type State = [M::Scalar; E];
    type Output = [M::Scalar; E];
    type Room<const T: usize> = [[M::Scalar; E]; T];
    fn output(state: &Self::State) -> &Self::Output {
        state
    }
    fn is_finite(state: &Self::State) -> bool {
        finite(state)
    }
}

#[diagnostic::do_not_recommend]
impl<const I: usize, const E: usize, M: Math, X: Input<M::Scalar, I>> Sweep<X> for Projection<I, E, M> {
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
impl<const I: usize, const E: usize, M: Math, X: Input<M::Scalar, I>> Step<X> for Projection<I, E, M> {
    fn step(&self, state: &mut Self::State, x: &X) {
        self.linear.forward(x, state);
    }
}

impl<const I: usize, const E: usize, M: Math> Recurrent for Projection<I, E, M> {
    type Record = Passed<M::Scalar, E>;
    fn output_mut(state: &mut Self::State) -> &mut Self::Output {
        state
    }
    fn recorded(record: &Self::Record) -> &Self::Output {
        &record.vector
    }
    fn step_back(&self, record: &mut Self::Record, _: Before<'_, Self>, gradient: &mut Self::State) {
        record.back(gradient);
    }
}

#[diagnostic::do_not_recommend]
impl<const I: usize, const E: usize, M: Math, X> Learns<X> for Projection<I, E, M>
where
    X: Input<M::Scalar, I, Gradient = X> + Zero,
{
    type InputGradient = X;
    const UNITS: usize = <Dense<I, E, M::Scalar> as Learns<X>>::UNITS;
}

#[diagnostic::do_not_recommend]
impl<const I: usize, const E: usize, M: Math, X> Cell<X> for Projection<I, E, M>
where
    X: Input<M::Scalar, I, Gradient = X> + Zero,
{
    fn step_recorded(&self, state: &mut Self::State, x: &X, record: &mut Self::Record) {
        self.step(state, x);
        record.vector = *state;
    }
    fn add_input_gradient(&self, record: &Self::Record, gradient: &mut X) {
        self.linear.add_input_gradient(&record.delta, gradient);
    }
    fn bound(step: Taken<'_, Self, X>) -> M::Scalar {
        M::Scalar::largest(&step.record.delta) * larger(M::Scalar::ONE, step.input.magnitude())
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
        Dense::accumulate(&mut target.linear, unit, scale, steps.map(|step| (step.input, &step.record.delta)));
    }
    fn descend<'a>(&mut self, unit: usize, scale: M::Scalar, steps: impl Iterator<Item = Taken<'a, Self, X>> + Clone)
    where
        Self: 'a,
        X: 'a,
    {
        Self::accumulate(self, unit, scale, steps);
    }
}

impl<const I: usize, const E: usize, M: Math> Parameters for Projection<I, E, M> {
    type Scalar = M::Scalar;
    type Gradient = Self;
    const COUNT: usize = Dense::<I, E, M::Scalar>::COUNT;
    fn walk<const N: usize>(
        &mut self,
        others: [&mut Self; N],
        path: Path<'_>,
        f: &mut impl FnMut(Tensor<'_>, &mut [M::Scalar], [&mut [M::Scalar]; N]),
    ) {
        self.linear.walk(others.map(|o| &mut o.linear), path, f);
    }
    fn view(&self, path: Path<'_>, f: &mut impl FnMut(Tensor<'_>, &[M::Scalar])) {
        self.linear.view(path, f);
    }
}
