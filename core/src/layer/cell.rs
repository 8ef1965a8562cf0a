use super::{Layer, Place, Sequential};
use crate::cell::{Cell, Recurrent, Step};
use crate::error::SequenceError;
use crate::math::Zero;
use crate::tape::Tape;
use core::ops::Range;

/// A cell goes through a sequence once, step by step.
impl<C: Recurrent> Sequential for C {
    type Math = <C as Recurrent>::Math;
    type State = <C as Recurrent>::State;
    type Output = <C as Recurrent>::Output;
    type Kept = ();
    type Tape<const T: usize, const P: usize> = Tape<C, T, P>;
    type Outputs<const T: usize> = [<C as Recurrent>::Output; T];
    const PASSES: usize = 1;

    fn restart<const T: usize, const P: usize>(tape: &mut Tape<C, T, P>, state: &<C as Recurrent>::State) {
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
    ) -> Option<&'a <C as Recurrent>::Output> {
        match place {
            Place::Step(t) => tape.output(t),
            Place::End => tape.output(tape.len().checked_sub(1)?),
        }
    }
    fn end(state: &<C as Recurrent>::State) -> <C as Recurrent>::Output {
        *C::output(state)
    }
}

impl<C: Recurrent + Cell<X>, X> Layer<X> for C {
    type InputGradient = <C as Cell<X>>::InputGradient;
    const UNITS: usize = <C as Cell<X>>::UNITS;
    fn input_magnitude(x: &X) -> C::Scalar {
        <C as Cell<X>>::input_magnitude(x)
    }
    fn forward<const T: usize, const P: usize>(
        &self,
        tape: &mut Tape<C, T, P>,
        state: &mut <C as Recurrent>::State,
        visit: usize,
        xs: &[X],
    ) -> Result<(), SequenceError> {
        xs.get(visit).map_or(Ok(()), |x| tape.push(self, state, x))
    }
    fn repeat<const T: usize, const P: usize>(&self, tape: &mut Tape<C, T, P>, visit: usize, xs: &[X]) {
        if let Some(x) = xs.get(visit) {
            tape.repeat(self, (visit, x));
        }
    }
    fn back<const T: usize, const P: usize>(
        &self,
        tape: &mut Tape<C, T, P>,
        visit: usize,
        xs: &[X],
        gradient: &mut <C as Recurrent>::State,
        source: impl Fn(Place, &mut <C as Recurrent>::Output),
    ) -> C::Scalar {
        if visit + 1 == xs.len() {
            source(Place::End, C::output_mut(gradient));
        }
        source(Place::Step(visit), C::output_mut(gradient));
        xs.get(visit).map_or(C::Scalar::ZERO, |x| back(self, tape, (visit, x), gradient))
    }
    fn add_input_gradient<const T: usize, const P: usize>(
        &self,
        tape: &Tape<C, T, P>,
        step: usize,
        gradient: &mut <C as Cell<X>>::InputGradient,
    ) {
        if let Some(record) = tape.record(step) {
            Cell::add_input_gradient(self, record, gradient);
        }
    }
    fn accumulate<const T: usize, const P: usize>(
        target: &mut C::Gradient,
        unit: usize,
        scale: C::Scalar,
        tape: &Tape<C, T, P>,
        xs: &[X],
    ) {
        <C as Cell<X>>::accumulate(target, unit, scale, tape.steps(held(tape, xs)));
    }
    fn descend<const T: usize, const P: usize>(
        &mut self,
        unit: usize,
        scale: C::Scalar,
        tape: &Tape<C, T, P>,
        xs: &[X],
    ) {
        Cell::descend(self, unit, scale, tape.steps(held(tape, xs)));
    }
    fn outputs<'r, const T: usize>(
        &self,
        state: &mut <C as Recurrent>::State,
        xs: &[X],
        room: &'r mut [<C as Recurrent>::Output; T],
    ) -> Result<&'r [<C as Recurrent>::Output], SequenceError> {
        let long = SequenceError::TooLong { length: xs.len(), capacity: T };
        let room = room.get_mut(..xs.len()).ok_or(long)?;
        for (x, output) in xs.iter().zip(room.iter_mut()) {
            self.step(state, x);
            *output = *C::output(state);
        }
        Ok(room)
    }
}

/// One step back, the gradient of its output already in `gradient`. Returns the bound of what it adds to the weights.
pub(super) fn back<C: Cell<X>, X, const T: usize, const P: usize>(
    cell: &C,
    tape: &mut Tape<C, T, P>,
    (step, input): (usize, &X),
    gradient: &mut C::State,
) -> C::Scalar {
    let Some((record, before)) = tape.at(step) else { return C::Scalar::ZERO };
    cell.step_back(record, before, gradient);
    C::bound(Step { record, before, input })
}

/// The inputs of the steps held, the last first.
fn held<'a, C: Recurrent, X, const T: usize, const P: usize>(
    tape: &Tape<C, T, P>,
    xs: &'a [X],
) -> impl Iterator<Item = &'a X> + Clone {
    xs.get(tape.held()).unwrap_or(&[]).iter().rev()
}
