//! Layers and read-outs whose weights stay in flash.

use crate::cell::{Before, Cell, Learns, Recurrent, Taken};
use crate::dense::{LearnedReadout, Readout};
use crate::error::SequenceError;
use crate::inputs::Inputs;
use crate::layer::{Layer, Place, Sequential};
use crate::parameters::{Nothing, Parameters, Path, Tensor};
use crate::part::{Part, Reads, Step, Sweep};
use core::ops::Range;

/// Layer or read-out whose weights are not trained and can stay in flash. It has no gradient, no moments and
/// nothing to save.
///
/// A `Network<Frozen<Elman<..>>, Dense<..>>` trains a read-out in RAM on top of a cell in flash.
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

impl<C: Part> Part for Frozen<'_, C> {
    type Math = C::Math;
    type State = C::State;
    type Output = C::Output;
    type Room<const T: usize> = C::Room<T>;
    fn output(state: &C::State) -> &C::Output {
        C::output(state)
    }
    fn is_finite(state: &C::State) -> bool {
        C::is_finite(state)
    }
}

impl<C: Sweep<X>, X> Sweep<X> for Frozen<'_, C> {
    fn accepts(x: &X) -> bool {
        C::accepts(x)
    }
    fn sweep<'r, const T: usize>(
        &self,
        state: &mut C::State,
        xs: &[X],
        room: &'r mut C::Room<T>,
    ) -> Result<&'r [C::Output], SequenceError> {
        self.0.sweep::<T>(state, xs, room)
    }
}

impl<C: Step<X>, X> Step<X> for Frozen<'_, C> {
    fn step(&self, state: &mut C::State, x: &X) {
        self.0.step(state, x);
    }
}

impl<C: Reads<X>, X> Reads<X> for Frozen<'_, C> {
    fn read(
        &self,
        state: &mut Self::State,
        xs: &[X],
        each: impl FnMut(usize, &Self::Output) -> Result<(), SequenceError>,
    ) -> Result<(), SequenceError> {
        self.0.read(state, xs, each)
    }
}

impl<C: Learns<X>, X> Learns<X> for Frozen<'_, C> {
    type InputGradient = C::InputGradient;
    const UNITS: usize = 0;
}

impl<C: Recurrent> Recurrent for Frozen<'_, C> {
    type Record = C::Record;
    const LAYERS: usize = C::LAYERS;
    fn output_mut(state: &mut C::State) -> &mut C::Output {
        C::output_mut(state)
    }
    fn recorded(record: &C::Record) -> &C::Output {
        C::recorded(record)
    }
    fn step_back(&self, record: &mut C::Record, before: Before<'_, Self>, gradient: &mut C::State) {
        self.0.step_back(record, inner(before), gradient);
    }
    fn look_at_state(state: &C::State, look: &mut impl FnMut(usize, &'static str, &[C::Scalar])) {
        C::look_at_state(state, look);
    }
    fn look_at_gates(record: &C::Record, look: &mut impl FnMut(usize, &'static str, &[C::Scalar])) {
        C::look_at_gates(record, look);
    }
}

impl<C: Cell<X>, X> Cell<X> for Frozen<'_, C> {
    fn step_recorded(&self, state: &mut C::State, x: &X, record: &mut C::Record) {
        self.0.step_recorded(state, x, record);
    }
    fn add_input_gradient(&self, record: &C::Record, gradient: &mut C::InputGradient) {
        self.0.add_input_gradient(record, gradient);
    }
    fn bound(step: Taken<'_, Self, X>) -> C::Scalar {
        C::bound(Taken { record: step.record, before: inner(step.before), input: step.input })
    }
    fn accumulate<'a>(
        _: &mut Self::Gradient,
        _: usize,
        _: C::Scalar,
        _: impl Iterator<Item = Taken<'a, Self, X>> + Clone,
    ) where
        Self: 'a,
        X: 'a,
    {
    }
    fn descend<'a>(&mut self, _: usize, _: C::Scalar, _: impl Iterator<Item = Taken<'a, Self, X>> + Clone)
    where
        Self: 'a,
        X: 'a,
    {
    }
}

/// Returns the state before a step as a state of the wrapped cell.
fn inner<'a, C: Recurrent>(before: Before<'a, Frozen<'_, C>>) -> Before<'a, C> {
    Before { record: before.record, start: before.start }
}

impl<C: Sequential> Sequential for Frozen<'_, C> {
    type Kept = C::Kept;
    type Tape<const T: usize, const P: usize> = C::Tape<T, P>;
    const PASSES: usize = C::PASSES;

    fn restart<const T: usize, const P: usize>(tape: &mut C::Tape<T, P>, state: &C::State) {
        C::restart::<T, P>(tape, state);
    }
    fn held<const T: usize, const P: usize>(tape: &C::Tape<T, P>) -> Range<usize> {
        C::held::<T, P>(tape)
    }
    fn truncate<const T: usize, const P: usize>(tape: &mut C::Tape<T, P>, end: usize) {
        C::truncate::<T, P>(tape, end);
    }
    fn keep<const T: usize, const P: usize>(tape: &C::Tape<T, P>, place: Place) -> Option<C::Kept> {
        C::keep::<T, P>(tape, place)
    }
    fn kept<'a, const T: usize, const P: usize>(
        tape: &'a C::Tape<T, P>,
        place: Place,
        kept: &'a C::Kept,
    ) -> Option<&'a C::Output> {
        C::kept::<T, P>(tape, place, kept)
    }
    fn outputs<'a, const T: usize, const P: usize>(
        tape: &'a C::Tape<T, P>,
        kept: &'a [C::Kept],
        range: Range<usize>,
    ) -> impl DoubleEndedIterator<Item = &'a C::Output> + Clone
    where
        Self: 'a,
    {
        C::outputs::<T, P>(tape, kept, range)
    }
}

impl<C: Layer<X>, X> Layer<X> for Frozen<'_, C> {
    fn forward<const T: usize, const P: usize>(
        &self,
        tape: &mut C::Tape<T, P>,
        state: &mut C::State,
        visit: usize,
        xs: &(impl Inputs<X> + ?Sized),
    ) -> Result<(), SequenceError> {
        self.0.forward::<T, P>(tape, state, visit, xs)
    }
    fn repeat<const T: usize, const P: usize>(
        &self,
        tape: &mut C::Tape<T, P>,
        visit: usize,
        xs: &(impl Inputs<X> + ?Sized),
    ) {
        self.0.repeat::<T, P>(tape, visit, xs);
    }
    fn back<const T: usize, const P: usize>(
        &self,
        tape: &mut C::Tape<T, P>,
        visit: usize,
        xs: &(impl Inputs<X> + ?Sized),
        gradient: &mut C::State,
        source: impl Fn(Place, &C::Output, &mut C::Output),
    ) -> C::Scalar {
        self.0.back::<T, P>(tape, visit, xs, gradient, source)
    }
    fn add_input_gradient<const T: usize, const P: usize>(
        &self,
        tape: &C::Tape<T, P>,
        step: usize,
        gradient: &mut C::InputGradient,
    ) {
        self.0.add_input_gradient::<T, P>(tape, step, gradient);
    }
    fn accumulate<const T: usize, const P: usize>(
        _: &mut Self::Gradient,
        _: usize,
        _: C::Scalar,
        _: &C::Tape<T, P>,
        _: &(impl Inputs<X> + ?Sized),
    ) {
    }
    fn descend<const T: usize, const P: usize>(
        &mut self,
        _: usize,
        _: C::Scalar,
        _: &C::Tape<T, P>,
        _: &(impl Inputs<X> + ?Sized),
    ) {
    }
}

impl<Y, R: Readout<Y>> Readout<Y> for Frozen<'_, R> {
    type Output = R::Output;
    fn forward(&self, y: &Y, outputs: &mut R::Output) {
        self.0.forward(y, outputs);
    }
    fn is_finite(outputs: &R::Output) -> bool {
        R::is_finite(outputs)
    }
}

impl<Y: crate::math::Zero, R: LearnedReadout<Y>> LearnedReadout<Y> for Frozen<'_, R> {
    fn back(&self, y: &Y, delta: &R::Output, gradient: &mut Y) {
        self.0.back(y, delta, gradient);
    }
    fn bound(y: &Y, delta: &R::Output) -> R::Scalar {
        R::bound(y, delta)
    }
    fn accumulate<'a>(
        _: &mut Nothing<R::Scalar>,
        _: usize,
        _: R::Scalar,
        _: impl Iterator<Item = (&'a Y, &'a R::Output)> + Clone,
    ) where
        Self: 'a,
        Y: 'a,
    {
    }
    fn descend<'a>(&mut self, _: usize, _: R::Scalar, _: impl Iterator<Item = (&'a Y, &'a R::Output)> + Clone)
    where
        Self: 'a,
        Y: 'a,
    {
    }
}
