use super::{Before, Cell, Recurrent, Step};
use crate::parameters::{Nothing, Parameters, Path, Tensor};

/// A layer whose weights stay where they are, in flash: no gradient, no moments, nothing to save.
///
/// `Network<Frozen<Elman<..>>, Dense<..>>` learns a read-out in RAM over a cell in flash.
#[derive(Debug)]
pub struct Frozen<'w, C>(pub &'w C);

impl<C> Clone for Frozen<'_, C> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<C> Copy for Frozen<'_, C> {}

impl<C: Parameters> Parameters for Frozen<'_, C> {
    type Scalar = C::Scalar;
    type Gradient = Nothing<C::Scalar>;
    const COUNT: usize = 0;
    fn walk<const N: usize>(
        &mut self,
        _: [&mut Self::Gradient; N],
        _: Path<'_>,
        _: &mut impl FnMut(Tensor<'_>, &mut [C::Scalar], [&mut [C::Scalar]; N]),
    ) {
    }
    fn view(&self, _: Path<'_>, _: &mut impl FnMut(Tensor<'_>, &[C::Scalar])) {}
}

impl<C: Recurrent> Recurrent for Frozen<'_, C> {
    type Math = C::Math;
    type State = C::State;
    type Record = C::Record;
    type Output = C::Output;
    fn output(state: &C::State) -> &C::Output {
        C::output(state)
    }
    fn output_mut(state: &mut C::State) -> &mut C::Output {
        C::output_mut(state)
    }
    fn recorded(record: &C::Record) -> &C::Output {
        C::recorded(record)
    }
    fn step_back(&self, record: &mut C::Record, before: Before<'_, Self>, gradient: &mut C::State) {
        self.0.step_back(record, inner(before), gradient);
    }
}

impl<C: Cell<X>, X> Cell<X> for Frozen<'_, C> {
    type InputGradient = C::InputGradient;
    const UNITS: usize = 0;
    fn input_magnitude(x: &X) -> C::Scalar {
        C::input_magnitude(x)
    }
    fn step(&self, state: &mut C::State, x: &X) {
        self.0.step(state, x);
    }
    fn step_recorded(&self, state: &mut C::State, x: &X, record: &mut C::Record) {
        self.0.step_recorded(state, x, record);
    }
    fn add_input_gradient(&self, record: &C::Record, gradient: &mut C::InputGradient) {
        self.0.add_input_gradient(record, gradient);
    }
    fn bound(step: Step<'_, Self, X>) -> C::Scalar {
        C::bound(Step { record: step.record, before: inner(step.before), input: step.input })
    }
    fn accumulate<'a>(
        _: &mut Self::Gradient,
        _: usize,
        _: C::Scalar,
        _: impl Iterator<Item = Step<'a, Self, X>> + Clone,
    ) where
        Self: 'a,
        X: 'a,
    {
    }
    fn descend<'a>(&mut self, _: usize, _: C::Scalar, _: impl Iterator<Item = Step<'a, Self, X>> + Clone)
    where
        Self: 'a,
        X: 'a,
    {
    }
}

/// The same references, as the cell within knows them.
fn inner<'a, C: Recurrent>(before: Before<'a, Frozen<'_, C>>) -> Before<'a, C> {
    Before { record: before.record, start: before.start }
}
