use super::memoryless::Passed;
use super::{Before, Cell, Learns, Recurrent, Taken};
use crate::error::SequenceError;
use crate::input::Token;
use crate::linalg;
use crate::math::{Libm, Math, Scalar, Zero, finite};
use crate::parameters::{Parameters, Path, Role, Tensor};
use crate::part::{Leaf, Part, Step, Sweep, step_through};
use crate::present::present;
use zerocopy::{FromBytes, Immutable, KnownLayout};

/// Table with a learned vector for each token: y_t is row x_t. `Stacked<Embedding<V, E>, Gru<E, H>>` reads tokens.
///
/// `V` symbols, vectors of `E` elements; V·E parameters; E copies per step, no multiply-adds. The state is the current
/// vector of E values, which the next step replaces; the record of a step has 2·E values, or 8·E bytes with `f32`. The
/// gradient of a row is Σ_t ∂L/∂y_t over the steps that read it, E multiply-adds per step; it is zero for all other
/// rows.
///
/// An embedding pays off if V is large: a cell that reads tokens has G·H·V input weights, one that reads vectors G·H·E.
/// [`init::embedding`](crate::init::embedding) initialises it as PyTorch does.
///
/// ```
/// use elman::{Dense, Embedding, Gru, Network, Parameters, Stacked};
/// type Direct = Network<Gru<65, 32>, Dense<32, 65>>;
/// type Embedded = Network<Stacked<Embedding<65, 8>, Gru<8, 32>>, Dense<32, 65>>;
/// assert_eq!((Direct::COUNT, Embedded::COUNT), (11_649, 6_697));
/// ```
#[derive(Clone, Debug, PartialEq, FromBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Embedding<const V: usize, const E: usize, M: Math = Libm<f32>> {
    /// Table with one vector for each symbol, `[V][E]`.
    pub table: [[M::Scalar; E]; V],
}

impl<const V: usize, const E: usize, M: Math> Zero for Embedding<V, E, M> {
    const ZERO: Self = {
        assert!(V > 0 && E > 0, "an embedding has at least one symbol and one element per vector");
        Self { table: [[M::Scalar::ZERO; E]; V] }
    };
    const INPUTS: usize = V;
    const OUTPUTS: usize = E;
}

impl<const V: usize, const E: usize, M: Math> Leaf for Embedding<V, E, M> {}

impl<const V: usize, const E: usize, M: Math> Part for Embedding<V, E, M> {
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

impl<const V: usize, const E: usize, M: Math> Sweep<Token<V>> for Embedding<V, E, M> {
    fn accepts(_: &Token<V>) -> bool {
        true
    }
    fn sweep<'r, const T: usize>(
        &self,
        state: &mut Self::State,
        xs: &[Token<V>],
        room: &'r mut Self::Room<T>,
    ) -> Result<&'r [Self::Output], SequenceError> {
        step_through(self, state, xs, room)
    }
}

impl<const V: usize, const E: usize, M: Math> Step<Token<V>> for Embedding<V, E, M> {
    fn step(&self, state: &mut Self::State, x: &Token<V>) {
        if let Some(vector) = present(self.table.get(x.index())) {
            *state = *vector;
        }
    }
}

impl<const V: usize, const E: usize, M: Math> Recurrent for Embedding<V, E, M> {
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

impl<const V: usize, const E: usize, M: Math> Learns<Token<V>> for Embedding<V, E, M> {
    type InputGradient = ();
    const UNITS: usize = 1;
}

impl<const V: usize, const E: usize, M: Math> Cell<Token<V>> for Embedding<V, E, M> {
    fn step_recorded(&self, state: &mut Self::State, x: &Token<V>, record: &mut Self::Record) {
        self.step(state, x);
        record.vector = *state;
    }
    fn add_input_gradient(&self, _: &Self::Record, (): &mut ()) {}
    fn bound(step: Taken<'_, Self, Token<V>>) -> M::Scalar {
        M::Scalar::largest(&step.record.delta)
    }
    fn accumulate<'a>(
        target: &mut Self,
        _: usize,
        scale: M::Scalar,
        steps: impl Iterator<Item = Taken<'a, Self, Token<V>>> + Clone,
    ) where
        Self: 'a,
    {
        for step in steps {
            if let Some(row) = present(target.table.get_mut(step.input.index())) {
                linalg::axpy(row, scale, &step.record.delta);
            }
        }
    }
    fn descend<'a>(
        &mut self,
        unit: usize,
        scale: M::Scalar,
        steps: impl Iterator<Item = Taken<'a, Self, Token<V>>> + Clone,
    ) where
        Self: 'a,
    {
        Self::accumulate(self, unit, scale, steps);
    }
}

impl<const V: usize, const E: usize, M: Math> Parameters for Embedding<V, E, M> {
    type Scalar = M::Scalar;
    type Gradient = Self;
    const COUNT: usize = V * E;
    fn walk<const N: usize>(
        &mut self,
        mut others: [&mut Self; N],
        path: Path<'_>,
        f: &mut impl FnMut(Tensor<'_>, &mut [M::Scalar], [&mut [M::Scalar]; N]),
    ) {
        let tensor = Self::tensor(&path);
        f(tensor, self.table.as_flattened_mut(), others.each_mut().map(|o| o.table.as_flattened_mut()));
    }
    fn view(&self, path: Path<'_>, f: &mut impl FnMut(Tensor<'_>, &[M::Scalar])) {
        f(Self::tensor(&path), self.table.as_flattened());
    }
}

impl<const V: usize, const E: usize, M: Math> Embedding<V, E, M> {
    fn tensor<'a>(path: &'a Path<'a>) -> Tensor<'a> {
        Tensor { path: path.at("table"), role: Role::Input, shape: [V, 1, E], fan: E }
    }
}
