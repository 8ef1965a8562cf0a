use super::affine::{Affine, Fed, Product};
use super::{Before, Cell, Learns, Recurrent, Taken};
use crate::input::Input;
use crate::math::{Scalar, Zero, larger};
use crate::parameters::{Parameters, Path, Tensor};
use crate::part::{Leaf, Number, Part, Step, Sweep};
use zerocopy::FromZeros;

/// Cell made of one affine map and activation functions. An implementation has the equations; all other code is shared.
///
/// A `Gated` type implements [`Parameters`], [`Recurrent`] and, for each input type that it [`Sweep`]s,
/// [`Cell`](crate::cell::Cell).
pub trait Gated: Zero + Part<Output: AsRef<[Number<Self>]>> {
    /// Weights of the cell, an [`Affine`] map.
    type Map: Parameters<Scalar = Number<Self>, Gradient = Self::Map>;
    /// Values of the gates after a step or, after the backward pass, their gradients.
    type Gates: Copy + Zero;
    /// Names of the gates with values in \[0, 1\], for a report.
    const GATES: &'static [&'static str];
    /// Returns the weights.
    fn map(&self) -> &Self::Map;
    /// Returns the weights, mutably.
    fn map_mut(&mut self) -> &mut Self::Map;
    /// Returns h within a state, mutably.
    fn hidden_mut(state: &mut Self::State) -> &mut Self::Output;
    /// Returns the gates with only the biases in their arguments.
    fn biases(&self) -> Self::Gates;
    /// Returns the arguments of the gates, to which the caller adds W_ih x.
    fn arguments(gates: &mut Self::Gates) -> &mut [Number<Self>];
    /// Completes a step, with W_ih x already in the arguments: advances `state`, and leaves the data for
    /// [`back`](Self::back) in `gates`.
    fn forward(&self, gates: &mut Self::Gates, state: &mut Self::State);
    /// Turns `gates` into their gradients, and `gradient` from the gradient of the state `after` the step into the
    /// gradient of the state `before` it.
    fn back(&self, gates: &mut Self::Gates, before: &Self::State, after: &Self::State, gradient: &mut Self::State);
    /// Returns the gradients of the gates' arguments, after [`back`](Self::back).
    fn deltas(gates: &Self::Gates) -> &[Number<Self>];
    /// Returns the products with W_hh, in the order of the gates, after [`back`](Self::back). The gradients in the
    /// first product must be those that [`deltas`](Self::deltas) returns for its gates.
    fn products<'a>(gates: &'a Self::Gates, h: &'a [Number<Self>]) -> [Product<'a, Number<Self>>; 2];
    /// Returns the values of the gates named in [`GATES`](Self::GATES), in that order, after a step.
    fn opened(gates: &Self::Gates) -> impl Iterator<Item = &[Number<Self>]>;
    /// Calls `look` with the name and the values of each part of a state, starting with h.
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

/// Runs one step and writes the data for the backward pass to `gates`.
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
    /// Number of parts: one for each row of W_ih, each row of W_hh and each bias vector.
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
