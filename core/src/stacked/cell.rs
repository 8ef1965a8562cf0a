use super::{Pair, Stacked};
use crate::cell::{Before, Cell, Recurrent, Taken};
use crate::math::larger;

/// A stack of two cells is a cell.
impl<A: Recurrent, B> Recurrent for Stacked<A, B>
where
    B: Cell<A::Output, InputGradient = A::Output, Scalar = A::Scalar>,
{
    type Record = Pair<A::Record, B::Record>;
    const LAYERS: usize = A::LAYERS + B::LAYERS;
    fn output_mut(state: &mut Self::State) -> &mut B::Output {
        B::output_mut(&mut state.upper)
    }
    fn recorded(record: &Self::Record) -> &B::Output {
        B::recorded(&record.upper)
    }
    /// Goes back through the upper cell first: ∂L/∂a_t is the gradient from step t + 1 plus W_ihᵀ δ_t of the upper
    /// cell.
    fn step_back(&self, record: &mut Self::Record, before: Before<'_, Self>, gradient: &mut Self::State) {
        self.upper.step_back(&mut record.upper, upper(before), &mut gradient.upper);
        self.upper.add_input_gradient(&record.upper, A::output_mut(&mut gradient.lower));
        self.lower.step_back(&mut record.lower, lower(before), &mut gradient.lower);
    }
    fn look_at_state(state: &Self::State, look: &mut impl FnMut(usize, &'static str, &[A::Scalar])) {
        A::look_at_state(&state.lower, look);
        B::look_at_state(&state.upper, &mut |layer, name, values| look(A::LAYERS + layer, name, values));
    }
    fn look_at_gates(record: &Self::Record, look: &mut impl FnMut(usize, &'static str, &[A::Scalar])) {
        A::look_at_gates(&record.lower, look);
        B::look_at_gates(&record.upper, &mut |layer, name, values| look(A::LAYERS + layer, name, values));
    }
}

impl<A: Cell<X>, B, X> Cell<X> for Stacked<A, B>
where
    B: Cell<A::Output, InputGradient = A::Output, Scalar = A::Scalar>,
{
    fn step_recorded(&self, state: &mut Self::State, x: &X, record: &mut Self::Record) {
        self.lower.step_recorded(&mut state.lower, x, &mut record.lower);
        self.upper.step_recorded(&mut state.upper, A::output(&state.lower), &mut record.upper);
    }
    fn add_input_gradient(&self, record: &Self::Record, gradient: &mut A::InputGradient) {
        self.lower.add_input_gradient(&record.lower, gradient);
    }
    fn bound(step: Taken<'_, Self, X>) -> A::Scalar {
        larger(A::bound(in_lower(step)), B::bound(in_upper(step)))
    }
    fn accumulate<'a>(
        target: &mut Self::Gradient,
        unit: usize,
        scale: A::Scalar,
        steps: impl Iterator<Item = Taken<'a, Self, X>> + Clone,
    ) where
        Self: 'a,
        X: 'a,
    {
        match unit.checked_sub(A::UNITS) {
            None => A::accumulate(&mut target.lower, unit, scale, steps.map(in_lower)),
            Some(unit) => B::accumulate(&mut target.upper, unit, scale, steps.map(in_upper)),
        }
    }
    fn descend<'a>(&mut self, unit: usize, scale: A::Scalar, steps: impl Iterator<Item = Taken<'a, Self, X>> + Clone)
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

/// Returns the lower cell's part of a step.
fn in_lower<'a, A: Recurrent, B, X>(step: Taken<'a, Stacked<A, B>, X>) -> Taken<'a, A, X>
where
    B: Cell<A::Output, InputGradient = A::Output, Scalar = A::Scalar>,
{
    Taken { record: &step.record.lower, before: lower(step.before), input: step.input }
}

/// Returns the upper cell's part of a step, with the lower cell's output as the input.
fn in_upper<'a, A: Recurrent, B, X>(step: Taken<'a, Stacked<A, B>, X>) -> Taken<'a, B, A::Output>
where
    B: Cell<A::Output, InputGradient = A::Output, Scalar = A::Scalar>,
{
    Taken { record: &step.record.upper, before: upper(step.before), input: A::recorded(&step.record.lower) }
}
