use super::affine::{Deltas, Fed, Reads};
use super::{Before, Cell, Recurrent, Step};
use crate::math::{Magnitude, Math, Scalar, Zero, larger};
use crate::parameters::{Parameters, Path, Tensor};
use zerocopy::FromZeros;

/// The number type of a gated cell.
type Number<C> = <<C as Gated>::Math as Math>::Scalar;

/// A cell that is one affine map and a non-linearity: its file holds the equations, and everything else is shared.
///
/// Whatever is `Gated` has [`Parameters`], is [`Recurrent`], and is a [`Cell`] of each input its affine map reads.
pub trait Gated: Zero {
    /// The functions it calls.
    type Math: Math;
    /// Its weights.
    type Affine: Parameters<Scalar = Number<Self>, Gradient = Self::Affine>;
    /// What it carries from step to step.
    type State: Copy + Zero + Magnitude<Scalar = Number<Self>>;
    /// Its output: the hidden state h.
    type Output: Copy + Zero + Magnitude<Scalar = Number<Self>> + AsRef<[Number<Self>]>;
    /// The gates' values after a step; once back, their gradients.
    type Gates: Copy + Zero;
    /// Its weights.
    fn affine(&self) -> &Self::Affine;
    /// Its weights, to change.
    fn affine_mut(&mut self) -> &mut Self::Affine;
    /// h within a state.
    fn hidden(state: &Self::State) -> &Self::Output;
    /// As [`hidden`](Self::hidden), to write.
    fn hidden_mut(state: &mut Self::State) -> &mut Self::Output;
    /// One step: `state` becomes the state after reading `x`, and `gates` what [`back`](Self::back) needs.
    fn forward<X>(&self, gates: &mut Self::Gates, state: &mut Self::State, x: &X)
    where
        Self::Affine: Reads<Number<Self>, X>;
    /// Turns `gates` into their gradients, and `gradient` of the state `after` the step into that of the state `before`.
    fn back(&self, gates: &mut Self::Gates, before: &Self::State, after: &Self::State, gradient: &mut Self::State);
    /// The gradients as the weights meet them, from gates that went [`back`](Self::back).
    fn deltas(gates: &Self::Gates) -> Deltas<'_, Number<Self>>;
}

/// What a step of a [`Gated`] cell leaves behind.
#[derive(Clone, Copy, Debug, FromZeros)]
pub struct Record<S, G> {
    /// The state after the step.
    state: S,
    gates: G,
}

impl<S: Zero, G: Zero> Zero for Record<S, G> {
    const ZERO: Self = Self { state: S::ZERO, gates: G::ZERO };
}

impl<C: Gated> Parameters for C {
    type Scalar = Number<C>;
    type Gradient = C;
    const COUNT: usize = C::Affine::COUNT;
    fn walk<const N: usize>(
        &mut self,
        others: [&mut C; N],
        path: Path<'_>,
        f: &mut impl FnMut(Tensor<'_>, &mut [Self::Scalar], [&mut [Self::Scalar]; N]),
    ) {
        self.affine_mut().walk(others.map(C::affine_mut), path, f);
    }
    fn view(&self, path: Path<'_>, f: &mut impl FnMut(Tensor<'_>, &[Self::Scalar])) {
        self.affine().view(path, f);
    }
}

impl<C: Gated> Recurrent for C {
    type Math = C::Math;
    type State = C::State;
    type Record = Record<C::State, C::Gates>;
    type Output = C::Output;
    fn output(state: &C::State) -> &C::Output {
        C::hidden(state)
    }
    fn output_mut(state: &mut C::State) -> &mut C::Output {
        C::hidden_mut(state)
    }
    fn recorded(record: &Self::Record) -> &C::Output {
        C::hidden(&record.state)
    }
    fn step_back(&self, record: &mut Self::Record, before: Before<'_, C>, gradient: &mut C::State) {
        self.back(&mut record.gates, state(before), &record.state, gradient);
    }
}

/// The state before a step.
fn state<C: Gated>(before: Before<'_, C>) -> &C::State {
    before.record.map_or(before.start, |record| &record.state)
}

impl<C: Gated, X> Cell<X> for C
where
    C::Affine: Reads<Number<C>, X>,
{
    type InputGradient = <C::Affine as Reads<Number<C>, X>>::InputGradient;
    const UNITS: usize = <C::Affine as Reads<Number<C>, X>>::UNITS;
    fn input_magnitude(x: &X) -> Self::Scalar {
        C::Affine::input_magnitude(x)
    }
    fn step(&self, state: &mut C::State, x: &X) {
        self.forward(&mut { C::Gates::ZERO }, state, x);
    }
    fn step_recorded(&self, state: &mut C::State, x: &X, record: &mut Self::Record) {
        self.forward(&mut record.gates, state, x);
        record.state = *state;
    }
    fn add_input_gradient(&self, record: &Self::Record, gradient: &mut Self::InputGradient) {
        self.affine().add_input_gradient(gradient, C::deltas(&record.gates).input);
    }
    fn bound(step: Step<'_, Self, X>) -> Self::Scalar {
        let Deltas { input, last, .. } = C::deltas(&step.record.gates);
        let delta = larger(Number::<C>::largest(input), Number::<C>::largest(last));
        let read = larger(C::Affine::input_magnitude(step.input), C::hidden(state(step.before)).magnitude());
        delta * larger(Number::<C>::ONE, read)
    }
    fn accumulate<'a>(
        target: &mut C,
        unit: usize,
        scale: Self::Scalar,
        steps: impl Iterator<Item = Step<'a, Self, X>> + Clone,
    ) where
        Self: 'a,
        X: 'a,
    {
        let steps = steps.map(|step| Fed {
            x: step.input,
            h: C::hidden(state(step.before)).as_ref(),
            deltas: C::deltas(&step.record.gates),
        });
        target.affine_mut().accumulate(unit, scale, steps);
    }
    fn descend<'a>(&mut self, unit: usize, scale: Self::Scalar, steps: impl Iterator<Item = Step<'a, Self, X>> + Clone)
    where
        Self: 'a,
        X: 'a,
    {
        Self::accumulate(self, unit, scale, steps);
    }
}
