use super::{Layer, Place, Sequential};
use crate::cell::{Cell, Recurrent, Taken};
use crate::error::SequenceError;
use crate::inputs::Inputs;
use crate::math::Zero;
use crate::part::Leaf;
use crate::present::present;
use crate::tape::Tape;
use core::ops::Range;

/// A cell passes over a sequence once, step by step.
impl<C: Leaf + Recurrent> Sequential for C {
    type Kept = ();
    type Tape<const T: usize, const P: usize> = Tape<C, T, P>;
    const PASSES: usize = 1;

    fn restart<const T: usize, const P: usize>(tape: &mut Tape<C, T, P>, state: &C::State) {
        tape.restart(state);
    }
    fn held<const T: usize, const P: usize>(tape: &Tape<C, T, P>) -> Range<usize> {
        tape.held()
    }
    fn truncate<const T: usize, const P: usize>(tape: &mut Tape<C, T, P>, end: usize) {
        tape.truncate(end);
    }
    fn keep<const T: usize, const P: usize>(_: &Tape<C, T, P>, _: Place) -> Option<()> {
        Some(())
    }
    fn kept<'a, const T: usize, const P: usize>(
        tape: &'a Tape<C, T, P>,
        place: Place,
        (): &'a (),
    ) -> Option<&'a C::Output> {
        match place {
            Place::Step(t) => tape.output(t),
            Place::End => tape.output(tape.len().checked_sub(1)?),
        }
    }
    fn outputs<'a, const T: usize, const P: usize>(
        tape: &'a Tape<C, T, P>,
        _: &'a [()],
        range: Range<usize>,
    ) -> impl DoubleEndedIterator<Item = &'a C::Output> + Clone
    where
        Self: 'a,
    {
        tape.outputs(range)
    }
}

impl<C: Leaf + Cell<X>, X> Layer<X> for C {
    fn forward<const T: usize, const P: usize>(
        &self,
        tape: &mut Tape<C, T, P>,
        state: &mut C::State,
        visit: usize,
        xs: &(impl Inputs<X> + ?Sized),
    ) -> Result<(), SequenceError> {
        present(xs.at(visit)).map_or(Ok(()), |x| tape.push(self, state, x))
    }
    fn repeat<const T: usize, const P: usize>(
        &self,
        tape: &mut Tape<C, T, P>,
        visit: usize,
        xs: &(impl Inputs<X> + ?Sized),
    ) {
        if let Some(x) = present(xs.at(visit)) {
            tape.repeat(self, (visit, x));
        }
    }
    fn back<const T: usize, const P: usize>(
        &self,
        tape: &mut Tape<C, T, P>,
        visit: usize,
        xs: &(impl Inputs<X> + ?Sized),
        gradient: &mut C::State,
        source: impl Fn(Place, &C::Output, &mut C::Output),
    ) -> C::Scalar {
        if let Some(record) = present(tape.record(visit)) {
            let output = C::recorded(record);
            if visit + 1 == xs.len() {
                source(Place::End, output, C::output_mut(gradient));
            }
            source(Place::Step(visit), output, C::output_mut(gradient));
        }
        present(xs.at(visit)).map_or(C::Scalar::ZERO, |x| back(self, tape, (visit, x), gradient))
    }
    fn add_input_gradient<const T: usize, const P: usize>(
        &self,
        tape: &Tape<C, T, P>,
        step: usize,
        gradient: &mut C::InputGradient,
    ) {
        if let Some(record) = present(tape.record(step)) {
            Cell::add_input_gradient(self, record, gradient);
        }
    }
    fn accumulate<const T: usize, const P: usize>(
        target: &mut C::Gradient,
        unit: usize,
        scale: C::Scalar,
        tape: &Tape<C, T, P>,
        xs: &(impl Inputs<X> + ?Sized),
    ) {
        <C as Cell<X>>::accumulate(target, unit, scale, tape.steps(xs.range(tape.held()).rev()));
    }
    fn descend<const T: usize, const P: usize>(
        &mut self,
        unit: usize,
        scale: C::Scalar,
        tape: &Tape<C, T, P>,
        xs: &(impl Inputs<X> + ?Sized),
    ) {
        Cell::descend(self, unit, scale, tape.steps(xs.range(tape.held()).rev()));
    }
}

/// Goes back through one step, with the gradient of the step's output already in `gradient`. Returns an upper bound on
/// each element of the weight gradient that the step adds.
pub(super) fn back<C: Cell<X>, X, const T: usize, const P: usize>(
    cell: &C,
    tape: &mut Tape<C, T, P>,
    (step, input): (usize, &X),
    gradient: &mut C::State,
) -> C::Scalar {
    let Some((record, before)) = present(tape.at(step)) else { return C::Scalar::ZERO };
    cell.step_back(record, before, gradient);
    C::bound(Taken { record, before, input })
}
