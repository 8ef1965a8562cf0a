use super::{Before, Cell, Recurrent, Step};
use crate::math::{Magnitude, Zero, larger};
use crate::parameters::{Parameters, Path, Tensor};
use zerocopy::{FromBytes, FromZeros, Immutable, KnownLayout};

/// Two cells, the upper reading at each step what the lower has just put out: a_t = A(x_t, a_{t-1}), b_t = B(a_t, b_{t-1}).
///
/// Its output is b_t; `B` must read `A`'s output, or a step does not compile. Nested it has any depth, and
/// `Stacked<Stacked<A, B>, C>` and `Stacked<A, Stacked<B, C>>` compute the same bits.
///
/// State and record are a [`Pair`] of the layers', nothing is stored twice: parameters, multiply-adds and bytes are the sums
/// of theirs. Going back, ∂L/∂a_t takes one product with the upper cell's input weights more a step.
///
/// ```
/// use elman::{Dense, Embedding, Gru, Network, Recurrent, Stacked, Token, Zero};
/// type Layers = Stacked<Gru<16, 32>, Gru<32, 32>>;
/// type Cell = Stacked<Embedding<65, 16>, Layers>;
/// type Net = Network<Cell, Dense<32, 65>>;
/// let (net, mut state) = (Net::ZERO, <Cell as Recurrent>::State::ZERO);
/// let logits = net.step(&mut state, &Token::<65>::default());
/// assert_eq!(logits, [0.0; 65]);
/// assert_eq!(size_of::<<Cell as Recurrent>::State>(), 4 * (16 + 32 + 32));
/// assert_eq!(size_of::<<Cell as Recurrent>::Record>(), 4 * (2 * 16 + 5 * 32 + 5 * 32));
/// ```
///
/// Layers that do not fit do not compile:
///
/// ```compile_fail,E0599
/// use elman::{Dense, Elman, Network, Stacked, Zero};
/// static NETWORK: Network<Stacked<Elman<1, 4>, Elman<5, 3>>, Dense<3, 2>> = Network::ZERO;
/// NETWORK.step(&mut Zero::ZERO, &[1.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, FromBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Stacked<A, B> {
    /// What reads the input.
    pub lower: A,
    /// What reads the lower cell's output.
    pub upper: B,
}

/// What the two cells of a [`Stacked`] have, each its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, FromZeros)]
pub struct Pair<A, B> {
    /// The lower cell's.
    pub lower: A,
    /// The upper cell's.
    pub upper: B,
}

impl<A: Zero, B: Zero> Zero for Pair<A, B> {
    const ZERO: Self = Self { lower: A::ZERO, upper: B::ZERO };
}

impl<A: Magnitude, B: Magnitude<Scalar = A::Scalar>> Magnitude for Pair<A, B> {
    type Scalar = A::Scalar;
    fn magnitude(&self) -> A::Scalar {
        larger(self.lower.magnitude(), self.upper.magnitude())
    }
}

impl<A: Zero, B: Zero> Zero for Stacked<A, B> {
    const ZERO: Self = Self { lower: A::ZERO, upper: B::ZERO };
}

impl<A: Parameters, B: Parameters<Scalar = A::Scalar>> Parameters for Stacked<A, B> {
    type Scalar = A::Scalar;
    type Gradient = Stacked<A::Gradient, B::Gradient>;
    const COUNT: usize = A::COUNT + B::COUNT;
    fn walk<const N: usize>(
        &mut self,
        mut others: [&mut Self::Gradient; N],
        path: Path<'_>,
        f: &mut impl FnMut(Tensor<'_>, &mut [A::Scalar], [&mut [A::Scalar]; N]),
    ) {
        self.lower.walk(others.each_mut().map(|o| &mut o.lower), path.at("lower"), f);
        self.upper.walk(others.each_mut().map(|o| &mut o.upper), path.at("upper"), f);
    }
    fn view(&self, path: Path<'_>, f: &mut impl FnMut(Tensor<'_>, &[A::Scalar])) {
        self.lower.view(path.at("lower"), f);
        self.upper.view(path.at("upper"), f);
    }
}

// That `B` is `Recurrent` follows from the next bound, but only said does it leave room for stacks of layers that are none.
impl<A: Recurrent, B> Recurrent for Stacked<A, B>
where
    B: Recurrent + Cell<A::Output, InputGradient = A::Output, Scalar = A::Scalar>,
{
    type Math = B::Math;
    type State = Pair<A::State, B::State>;
    type Record = Pair<A::Record, B::Record>;
    type Output = B::Output;
    fn output(state: &Self::State) -> &B::Output {
        B::output(&state.upper)
    }
    fn output_mut(state: &mut Self::State) -> &mut B::Output {
        B::output_mut(&mut state.upper)
    }
    fn recorded(record: &Self::Record) -> &B::Output {
        B::recorded(&record.upper)
    }
    /// The upper cell first: ∂L/∂a_t is what comes back from a_{t+1} and W_ihᵀ δ_t of the upper cell.
    fn step_back(&self, record: &mut Self::Record, before: Before<'_, Self>, gradient: &mut Self::State) {
        self.upper.step_back(&mut record.upper, upper(before), &mut gradient.upper);
        self.upper.add_input_gradient(&record.upper, A::output_mut(&mut gradient.lower));
        self.lower.step_back(&mut record.lower, lower(before), &mut gradient.lower);
    }
}

impl<A, B, X> Cell<X> for Stacked<A, B>
where
    A: Cell<X>,
    B: Cell<A::Output, InputGradient = A::Output, Scalar = A::Scalar>,
{
    type InputGradient = A::InputGradient;
    const UNITS: usize = A::UNITS + B::UNITS;
    fn input_magnitude(x: &X) -> A::Scalar {
        A::input_magnitude(x)
    }
    fn step(&self, state: &mut Self::State, x: &X) {
        self.lower.step(&mut state.lower, x);
        self.upper.step(&mut state.upper, A::output(&state.lower));
    }
    fn step_recorded(&self, state: &mut Self::State, x: &X, record: &mut Self::Record) {
        self.lower.step_recorded(&mut state.lower, x, &mut record.lower);
        self.upper.step_recorded(&mut state.upper, A::output(&state.lower), &mut record.upper);
    }
    fn add_input_gradient(&self, record: &Self::Record, gradient: &mut A::InputGradient) {
        self.lower.add_input_gradient(&record.lower, gradient);
    }
    fn bound(step: Step<'_, Self, X>) -> A::Scalar {
        larger(A::bound(in_lower(step)), B::bound(in_upper(step)))
    }
    fn accumulate<'a>(
        target: &mut Self::Gradient,
        unit: usize,
        scale: A::Scalar,
        steps: impl Iterator<Item = Step<'a, Self, X>> + Clone,
    ) where
        Self: 'a,
        X: 'a,
    {
        match unit.checked_sub(A::UNITS) {
            None => A::accumulate(&mut target.lower, unit, scale, steps.map(in_lower)),
            Some(unit) => B::accumulate(&mut target.upper, unit, scale, steps.map(in_upper)),
        }
    }
    fn descend<'a>(&mut self, unit: usize, scale: A::Scalar, steps: impl Iterator<Item = Step<'a, Self, X>> + Clone)
    where
        Self: 'a,
        X: 'a,
    {
        match unit.checked_sub(A::UNITS) {
            None => self.lower.descend(unit, scale, steps.map(in_lower)),
            Some(unit) => self.upper.descend(unit, scale, steps.map(in_upper)),
        }
    }
}

fn lower<'a, A: Recurrent, B>(before: Before<'a, Stacked<A, B>>) -> Before<'a, A>
where
    B: Cell<A::Output, InputGradient = A::Output, Scalar = A::Scalar>,
{
    Before { record: before.record.map(|record| &record.lower), start: &before.start.lower }
}

fn upper<'a, A: Recurrent, B>(before: Before<'a, Stacked<A, B>>) -> Before<'a, B>
where
    B: Cell<A::Output, InputGradient = A::Output, Scalar = A::Scalar>,
{
    Before { record: before.record.map(|record| &record.upper), start: &before.start.upper }
}

/// A step as the lower cell took it.
fn in_lower<'a, A: Recurrent, B, X>(step: Step<'a, Stacked<A, B>, X>) -> Step<'a, A, X>
where
    B: Cell<A::Output, InputGradient = A::Output, Scalar = A::Scalar>,
{
    Step { record: &step.record.lower, before: lower(step.before), input: step.input }
}

/// A step as the upper cell took it: its input is the lower cell's output.
fn in_upper<'a, A: Recurrent, B, X>(step: Step<'a, Stacked<A, B>, X>) -> Step<'a, B, A::Output>
where
    B: Cell<A::Output, InputGradient = A::Output, Scalar = A::Scalar>,
{
    Step { record: &step.record.upper, before: upper(step.before), input: A::recorded(&step.record.lower) }
}
