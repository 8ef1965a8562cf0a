use super::{Bidirectional, join};
use crate::cell::{Cell, Learns, Recurrent};
use crate::error::SequenceError;
use crate::inputs::Inputs;
use crate::layer::cell::back;
use crate::layer::directions::{backward, forward, mirrored};
use crate::layer::{Directions, Join, Layer, Place, Sequential};
use crate::math::Zero;
use crate::present::{present, within};
use crate::tape::Tape;
use core::ops::Range;

impl<F, B, J> Sequential for Bidirectional<F, B, J>
where
    F: Recurrent,
    B: Recurrent<Scalar = F::Scalar, Output = F::Output>,
    J: Join<F::Output>,
{
    type Kept = J::Output;
    type Tape<const T: usize, const P: usize> = Directions<Tape<F, T>, Tape<B, T>>;
    const PASSES: usize = 2;

    fn restart<const T: usize, const P: usize>(tape: &mut Directions<Tape<F, T>, Tape<B, T>>, state: &Self::State) {
        tape.forward.restart(&state.forward);
        tape.backward.restart(&state.backward);
    }
    fn held<const T: usize, const P: usize>(tape: &Directions<Tape<F, T>, Tape<B, T>>) -> Range<usize> {
        0..tape.forward.len() + tape.backward.len()
    }
    fn truncate<const T: usize, const P: usize>(_: &mut Directions<Tape<F, T>, Tape<B, T>>, _: usize) {}
    fn keep<const T: usize, const P: usize>(
        tape: &Directions<Tape<F, T>, Tape<B, T>>,
        place: Place,
    ) -> Option<J::Output> {
        let mut output = J::begin(forward(tape, place)?);
        J::complete(&mut output, backward(tape, place)?);
        Some(output)
    }
    fn kept<'a, const T: usize, const P: usize>(
        _: &'a Directions<Tape<F, T>, Tape<B, T>>,
        _: Place,
        kept: &'a J::Output,
    ) -> Option<&'a J::Output> {
        Some(kept)
    }
    fn outputs<'a, const T: usize, const P: usize>(
        _: &'a Directions<Tape<F, T>, Tape<B, T>>,
        kept: &'a [J::Output],
        range: Range<usize>,
    ) -> impl DoubleEndedIterator<Item = &'a J::Output> + Clone
    where
        Self: 'a,
    {
        within(kept, range).iter()
    }
}

impl<F: Learns<X>, B, J: Zero, X> Learns<X> for Bidirectional<F, B, J>
where
    B: Learns<X, InputGradient = F::InputGradient, Scalar = F::Scalar>,
{
    type InputGradient = F::InputGradient;
    const UNITS: usize = F::UNITS + B::UNITS;
}

impl<F, B, J, X> Layer<X> for Bidirectional<F, B, J>
where
    F: Cell<X>,
    B: Cell<X, Scalar = F::Scalar, Output = F::Output, InputGradient = F::InputGradient>,
    J: Join<F::Output>,
{
    /// Runs the visits of the forward direction first.
    fn forward<const T: usize, const P: usize>(
        &self,
        tape: &mut Directions<Tape<F, T>, Tape<B, T>>,
        state: &mut Self::State,
        visit: usize,
        xs: &(impl Inputs<X> + ?Sized),
    ) -> Result<(), SequenceError> {
        let Some(read) = visit.checked_sub(xs.len()) else {
            return present(xs.at(visit)).map_or(Ok(()), |x| tape.forward.push(&self.forward, &mut state.forward, x));
        };
        let Some(x) = present((xs.len() - 1).checked_sub(read).and_then(|step| xs.at(step))) else { return Ok(()) };
        tape.backward.push(&self.backward, &mut state.backward, x)?;
        if read + 1 == xs.len() {
            join::<F, B, J>(state);
        }
        Ok(())
    }
    fn repeat<const T: usize, const P: usize>(
        &self,
        _: &mut Directions<Tape<F, T>, Tape<B, T>>,
        _: usize,
        _: &(impl Inputs<X> + ?Sized),
    ) {
    }
    /// Computes the gradient of the joined output once for each direction, so that the joined output need not be
    /// stored.
    fn back<const T: usize, const P: usize>(
        &self,
        tape: &mut Directions<Tape<F, T>, Tape<B, T>>,
        visit: usize,
        xs: &(impl Inputs<X> + ?Sized),
        gradient: &mut Self::State,
        source: impl Fn(Place, &J::Output, &mut J::Output),
    ) -> F::Scalar {
        let read = visit.checked_sub(xs.len());
        let step = read.map_or(visit, |read| xs.len() - 1 - read);
        let Some(x) = present(xs.at(step)) else { return F::Scalar::ZERO };
        let last = read.unwrap_or(visit) + 1 == xs.len();
        for place in last.then_some(Place::End).into_iter().chain([Place::Step(step)]) {
            let (Some(f), Some(b)) = (present(forward(tape, place)), present(backward(tape, place))) else { continue };
            let (mut output, mut both) = (J::begin(f), J::Output::ZERO);
            J::complete(&mut output, b);
            source(place, &output, &mut both);
            match read {
                None => J::add_forward_gradient(&both, b, F::output_mut(&mut gradient.forward)),
                Some(_) => J::add_backward_gradient(&both, f, B::output_mut(&mut gradient.backward)),
            }
        }
        match read {
            None => back(&self.forward, &mut tape.forward, (visit, x), &mut gradient.forward),
            Some(read) => back(&self.backward, &mut tape.backward, (read, x), &mut gradient.backward),
        }
    }
    fn add_input_gradient<const T: usize, const P: usize>(
        &self,
        tape: &Directions<Tape<F, T>, Tape<B, T>>,
        step: usize,
        gradient: &mut F::InputGradient,
    ) {
        if let Some(record) = present(tape.forward.record(step)) {
            self.forward.add_input_gradient(record, gradient);
        }
        let read = mirrored(&tape.backward, step);
        if let Some(record) = present(read.and_then(|read| tape.backward.record(read))) {
            self.backward.add_input_gradient(record, gradient);
        }
    }
    fn accumulate<const T: usize, const P: usize>(
        target: &mut Self::Gradient,
        unit: usize,
        scale: F::Scalar,
        tape: &Directions<Tape<F, T>, Tape<B, T>>,
        xs: &(impl Inputs<X> + ?Sized),
    ) {
        match unit.checked_sub(F::UNITS) {
            None => F::accumulate(&mut target.forward, unit, scale, tape.forward.steps(xs.range(0..xs.len()).rev())),
            Some(unit) => B::accumulate(&mut target.backward, unit, scale, tape.backward.steps(xs.range(0..xs.len()))),
        }
    }
    fn descend<const T: usize, const P: usize>(
        &mut self,
        unit: usize,
        scale: F::Scalar,
        tape: &Directions<Tape<F, T>, Tape<B, T>>,
        xs: &(impl Inputs<X> + ?Sized),
    ) {
        match unit.checked_sub(F::UNITS) {
            None => self.forward.descend(unit, scale, tape.forward.steps(xs.range(0..xs.len()).rev())),
            Some(unit) => self.backward.descend(unit, scale, tape.backward.steps(xs.range(0..xs.len()))),
        }
    }
}
