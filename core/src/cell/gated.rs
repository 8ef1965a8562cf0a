use super::affine::{Affine, Fed, Product};
use super::{Before, Cell, Learns, Recurrent, Taken};
use crate::input::Input;
use crate::math::{Scalar, Zero, larger};
use crate::parameters::{Parameters, Path, Tensor};
use crate::part::{Leaf, Number, Part, Step, Sweep};
use zerocopy::FromZeros;

/// Cell made of one map and a non-linearity. An implementation holds the equations; everything else is shared.
///
/// Whatever is `Gated` has [`Parameters`], is [`Recurrent`], and a [`Cell`](crate::cell::Cell) of each input that it
/// [`Sweep`]s.
pub trait Gated: Zero + Part<Output: AsRef<[Number<Self>]>> {
    /// Its weights, an [`Affine`] map.
    type Map: Parameters<Scalar = Number<Self>, Gradient = Self::Map>;
    /// Values of the gates after a step; after the backward pass, their gradients.
    type Gates: Copy + Zero;
    /// Names of the gates in \[0, 1\], as a report shows them.
    const GATES: &'static [&'static str];
    /// Weights.
    fn map(&self) -> &Self::Map;
    /// Mutable weights.
    fn map_mut(&mut self) -> &mut Self::Map;
    /// Returns h within a state, to change it.
    fn hidden_mut(state: &mut Self::State) -> &mut Self::Output;
    /// Returns the gates before anything is read: each holds its bias.
    fn biases(&self) -> Self::Gates;
    /// Returns the arguments of the gates, to which W_ih x is added.
    fn arguments(gates: &mut Self::Gates) -> &mut [Number<Self>];
    /// Makes one step with W_ih x already in the arguments: `state` becomes the state after the step, and `gates`
    /// holds the data for [`back`](Self::back).
    fn forward(&self, gates: &mut Self::Gates, state: &mut Self::State);
    /// Turns `gates` into their gradients, and carries `gradient` from the state `after` the step to the state
    /// `before` it.
    fn back(&self, gates: &mut Self::Gates, before: &Self::State, after: &Self::State, gradient: &mut Self::State);
    /// Returns the gradients of the arguments, from gates that have been through [`back`](Self::back).
    fn deltas(gates: &Self::Gates) -> &[Number<Self>];
    /// Returns the products with W_hh, gates in order, after [`back`](Self::back). In the first, the gradients are
    /// the gradients of its gates' arguments.
    fn products<'a>(gates: &'a Self::Gates, h: &'a [Number<Self>]) -> [Product<'a, Number<Self>>; 2];
    /// Returns the gates named by [`GATES`](Self::GATES) after a step, in that order.
    fn opened(gates: &Self::Gates) -> impl Iterator<Item = &[Number<Self>]>;
    /// Calls `look` with the name and the values of each part of a state, h first.
    fn look(state: &Self::State, look: &mut impl FnMut(&'static str, &[Number<Self>])) {
        look("h", Self::output(state).as_ref());
    }
}

/// Record of a step of a [`Gated`] cell.
#[derive(Clone, Copy, Debug, FromZeros)]
pub struct Record<S, G> {
    /// State after the step.
    state: S,
    gates: G,
}

impl<S: Zero, G: Zero> Zero for Record<S, G> {
    const ZERO: Self = Self { state: S::ZERO, gates: G::ZERO };
}

impl<C: Gated> Parameters for C {
    type Scalar = Number<C>;
    type Gradient = C;
    const COUNT: usize = C::Map::COUNT;
    fn walk<const N: usize>(
        &mut self,
        others: [&mut C; N],
        path: Path<'_>,
        f: &mut impl FnMut(Tensor<'_>, &mut [Self::Scalar], [&mut [Self::Scalar]; N]),
    ) {
        self.map_mut().walk(others.map(C::map_mut), path, f);
    }
    fn view(&self, path: Path<'_>, f: &mut impl FnMut(Tensor<'_>, &[Self::Scalar])) {
        self.map().view(path, f);
    }
}

impl<C: Gated> Leaf for C {}

#[diagnostic::do_not_recommend]
impl<C, X, const I: usize, const H: usize, const G: usize, const B: usize> Step<X> for C
where
    C: Gated<Map = Affine<Number<C>, I, H, G, B>> + Sweep<X>,
    X: Input<Number<C>, I>,
{
    fn step(&self, state: &mut C::State, x: &X) {
        advance(self, &mut { C::Gates::ZERO }, state, x);
    }
}

/// Makes one step and keeps the data for the backward pass in `gates`.
fn advance<C, X, const I: usize, const H: usize, const G: usize, const B: usize>(
    cell: &C,
    gates: &mut C::Gates,
    state: &mut C::State,
    x: &X,
) where
    C: Gated<Map = Affine<Number<C>, I, H, G, B>>,
    X: Input<Number<C>, I>,
{
    *gates = cell.biases();
    cell.map().add_input(C::arguments(gates), x);
    cell.forward(gates, state);
}

#[diagnostic::do_not_recommend]
impl<C: Gated> Recurrent for C {
    type Record = Record<C::State, C::Gates>;
    const LAYERS: usize = 1;
    fn output_mut(state: &mut C::State) -> &mut C::Output {
        C::hidden_mut(state)
    }
    fn recorded(record: &Self::Record) -> &C::Output {
        C::output(&record.state)
    }
    fn step_back(&self, record: &mut Self::Record, before: Before<'_, C>, gradient: &mut C::State) {
        self.back(&mut record.gates, state(before), &record.state, gradient);
    }
    fn look_at_state(state: &C::State, look: &mut impl FnMut(usize, &'static str, &[Number<C>])) {
        C::look(state, &mut |name, values| look(0, name, values));
    }
    fn look_at_gates(record: &Self::Record, look: &mut impl FnMut(usize, &'static str, &[Number<C>])) {
        C::GATES.iter().zip(C::opened(&record.gates)).for_each(|(name, values)| look(0, name, values));
    }
}

/// Returns the state before a step.
fn state<C: Gated>(before: Before<'_, C>) -> &C::State {
    before.record.map_or(before.start, |record| &record.state)
}

#[diagnostic::do_not_recommend]
impl<C, X, const I: usize, const H: usize, const G: usize, const B: usize> Learns<X> for C
where
    C: Gated<Map = Affine<Number<C>, I, H, G, B>>,
    X: Input<Number<C>, I>,
{
    type InputGradient = X::Gradient;
    /// Rows of the inputs, rows of the units, biases.
    const UNITS: usize = X::UNITS + H + B;
}

#[diagnostic::do_not_recommend]
impl<C, X, const I: usize, const H: usize, const G: usize, const B: usize> Cell<X> for C
where
    C: Gated<Map = Affine<Number<C>, I, H, G, B>> + Sweep<X>,
    X: Input<Number<C>, I>,
{
    fn step_recorded(&self, state: &mut C::State, x: &X, record: &mut Self::Record) {
        advance(self, &mut record.gates, state, x);
        record.state = *state;
    }
    fn add_input_gradient(&self, record: &Self::Record, gradient: &mut Self::InputGradient) {
        self.map().add_input_gradient::<X>(gradient, C::deltas(&record.gates));
    }
    fn bound(step: Taken<'_, Self, X>) -> Self::Scalar {
        let h = C::output(state(step.before)).as_ref();
        let [_, last] = C::products(&step.record.gates, h);
        let delta = larger(Number::<C>::largest(C::deltas(&step.record.gates)), Number::<C>::largest(last.delta));
        let read = larger(step.input.magnitude(), Number::<C>::largest(h));
        delta * larger(Number::<C>::ONE, read)
    }
    fn accumulate<'a>(
        target: &mut C,
        unit: usize,
        scale: Self::Scalar,
        steps: impl Iterator<Item = Taken<'a, Self, X>> + Clone,
    ) where
        Self: 'a,
        X: 'a,
    {
        let steps = steps.map(|step| Fed {
            x: step.input,
            delta: C::deltas(&step.record.gates),
            products: C::products(&step.record.gates, C::output(state(step.before)).as_ref()),
        });
        target.map_mut().accumulate(unit, scale, steps);
    }
    fn descend<'a>(&mut self, unit: usize, scale: Self::Scalar, steps: impl Iterator<Item = Taken<'a, Self, X>> + Clone)
    where
        Self: 'a,
        X: 'a,
    {
        Self::accumulate(self, unit, scale, steps);
    }
}
