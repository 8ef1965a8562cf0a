use super::{Bidirectional, Join, Layer, Place, Sequential};
use crate::cell::{Cell, Pair, Recurrent, Stacked};
use crate::error::SequenceError;
use crate::math::{Magnitude, Zero};
use core::ops::Range;
use zerocopy::FromZeros;

/// The tape of a bidirectional layer over another layer: those of both, and what the upper one read.
#[derive(FromZeros)]
pub struct Between<A, Y, B> {
    lower: A,
    read: Y,
    upper: B,
}

impl<A: Zero, Y: Zero, B: Zero> Zero for Between<A, Y, B> {
    const ZERO: Self = Self { lower: A::ZERO, read: Y::ZERO, upper: B::ZERO };
}

/// The upper layer of a stack here.
type Upper<F, B, J> = Bidirectional<F, B, J>;

/// A bidirectional layer over any layer: the lower goes through the whole sequence first.
impl<A, F, B, J> Sequential for Stacked<A, Bidirectional<F, B, J>>
where
    A: Sequential,
    F: Recurrent<Scalar = A::Scalar>,
    B: Recurrent<Scalar = A::Scalar, Output = F::Output>,
    J: Join<F::Output, Output: Magnitude<Scalar = A::Scalar>>,
{
    type Math = F::Math;
    type State = Pair<A::State, <Upper<F, B, J> as Sequential>::State>;
    type Output = J::Output;
    type Kept = J::Output;
    type Tape<const T: usize, const P: usize> =
        Between<A::Tape<T, P>, [A::Output; T], <Upper<F, B, J> as Sequential>::Tape<T, P>>;
    type Outputs<const T: usize> = Pair<A::Outputs<T>, [J::Output; T]>;
    const PASSES: usize = A::PASSES + 2;

    fn restart<const T: usize, const P: usize>(tape: &mut Self::Tape<T, P>, state: &Self::State) {
        A::restart::<T, P>(&mut tape.lower, &state.lower);
        Upper::<F, B, J>::restart::<T, P>(&mut tape.upper, &state.upper);
    }
    fn held<const T: usize, const P: usize>(tape: &Self::Tape<T, P>) -> Range<usize> {
        let (lower, upper) = (A::held::<T, P>(&tape.lower), Upper::<F, B, J>::held::<T, P>(&tape.upper));
        lower.start..lower.end + upper.end
    }
    fn truncate<const T: usize, const P: usize>(_: &mut Self::Tape<T, P>, _: usize) {}
    fn keep<const T: usize, const P: usize>(tape: &Self::Tape<T, P>, place: Place) -> Option<J::Output> {
        Upper::<F, B, J>::keep::<T, P>(&tape.upper, place)
    }
    fn kept<'a, const T: usize, const P: usize>(
        _: &'a Self::Tape<T, P>,
        _: Place,
        kept: &'a J::Output,
    ) -> Option<&'a J::Output> {
        Some(kept)
    }
    fn end(state: &Self::State) -> J::Output {
        Upper::<F, B, J>::end(&state.upper)
    }
}

impl<A, F, B, J, X> Layer<X> for Stacked<A, Bidirectional<F, B, J>>
where
    A: Layer<X>,
    F: Cell<A::Output, Scalar = A::Scalar, InputGradient = A::Output>,
    B: Cell<A::Output, Scalar = A::Scalar, Output = F::Output, InputGradient = A::Output>,
    J: Join<F::Output, Output: Magnitude<Scalar = A::Scalar>>,
{
    type InputGradient = A::InputGradient;
    const UNITS: usize = A::UNITS + <Upper<F, B, J> as Layer<A::Output>>::UNITS;
    fn input_magnitude(x: &X) -> A::Scalar {
        A::input_magnitude(x)
    }
    fn forward<const T: usize, const P: usize>(
        &self,
        tape: &mut Self::Tape<T, P>,
        state: &mut Self::State,
        visit: usize,
        xs: &[X],
    ) -> Result<(), SequenceError> {
        let Some(visit) = visit.checked_sub(A::PASSES * xs.len()) else {
            return self.lower.forward::<T, P>(&mut tape.lower, &mut state.lower, visit, xs);
        };
        // The upper layer's first pass goes from the first step to the last.
        if let Some(read) = tape.read.get_mut(..xs.len()).and_then(|read| read.get_mut(visit)) {
            let kept = A::keep::<T, P>(&tape.lower, Place::Step(visit));
            let output = kept.as_ref().and_then(|kept| A::kept::<T, P>(&tape.lower, Place::Step(visit), kept));
            *read = output.copied().unwrap_or(Zero::ZERO);
        }
        let read = tape.read.get(..xs.len()).unwrap_or(&[]);
        self.upper.forward::<T, P>(&mut tape.upper, &mut state.upper, visit, read)
    }
    fn repeat<const T: usize, const P: usize>(&self, _: &mut Self::Tape<T, P>, _: usize, _: &[X]) {}
    fn back<const T: usize, const P: usize>(
        &self,
        tape: &mut Self::Tape<T, P>,
        visit: usize,
        xs: &[X],
        gradient: &mut Self::State,
        source: impl Fn(Place, &mut J::Output),
    ) -> A::Scalar {
        let Between { lower, read, upper } = tape;
        match visit.checked_sub(A::PASSES * xs.len()) {
            Some(visit) => {
                let read = read.get(..xs.len()).unwrap_or(&[]);
                self.upper.back::<T, P>(upper, visit, read, &mut gradient.upper, source)
            }
            None => self.lower.back::<T, P>(lower, visit, xs, &mut gradient.lower, |place, gradient| {
                if let Place::Step(step) = place {
                    Layer::<A::Output>::add_input_gradient::<T, P>(&self.upper, upper, step, gradient);
                }
            }),
        }
    }
    fn add_input_gradient<const T: usize, const P: usize>(
        &self,
        tape: &Self::Tape<T, P>,
        step: usize,
        gradient: &mut A::InputGradient,
    ) {
        self.lower.add_input_gradient::<T, P>(&tape.lower, step, gradient);
    }
    fn accumulate<const T: usize, const P: usize>(
        target: &mut Self::Gradient,
        unit: usize,
        scale: A::Scalar,
        tape: &Self::Tape<T, P>,
        xs: &[X],
    ) {
        let read = tape.read.get(..xs.len()).unwrap_or(&[]);
        match unit.checked_sub(A::UNITS) {
            None => A::accumulate::<T, P>(&mut target.lower, unit, scale, &tape.lower, xs),
            Some(unit) => {
                Upper::<F, B, J>::accumulate::<T, P>(&mut target.upper, unit, scale, &tape.upper, read);
            }
        }
    }
    fn descend<const T: usize, const P: usize>(
        &mut self,
        unit: usize,
        scale: A::Scalar,
        tape: &Self::Tape<T, P>,
        xs: &[X],
    ) {
        let read = tape.read.get(..xs.len()).unwrap_or(&[]);
        match unit.checked_sub(A::UNITS) {
            None => self.lower.descend::<T, P>(unit, scale, &tape.lower, xs),
            Some(unit) => self.upper.descend::<T, P>(unit, scale, &tape.upper, read),
        }
    }
    fn outputs<'r, const T: usize>(
        &self,
        state: &mut Self::State,
        xs: &[X],
        room: &'r mut Self::Outputs<T>,
    ) -> Result<&'r [J::Output], SequenceError> {
        let read = self.lower.outputs::<T>(&mut state.lower, xs, &mut room.lower)?;
        self.upper.outputs::<T>(&mut state.upper, read, &mut room.upper)
    }
}
