use super::{Pair, Stacked};
use crate::error::SequenceError;
use crate::inputs::Inputs;
use crate::layer::{Layer, Place, Sequential};
use crate::math::{Zero, larger};
use crate::part::Sweep;
use crate::present::present;
use core::ops::Range;
use zerocopy::FromZeros;

/// Tape of a stack: the tapes of both layers, and copies of the lower layer's outputs if its tape does not store them.
#[derive(FromZeros)]
pub struct StackTape<A, Y, B> {
    lower: A,
    kept: Y,
    upper: B,
}

impl<A: Zero, Y: Zero, B: Zero> Zero for StackTape<A, Y, B> {
    const ZERO: Self = Self { lower: A::ZERO, kept: Y::ZERO, upper: B::ZERO };
}

/// Outputs of the lower layer as inputs of the upper layer, read where they are stored.
struct Below<'a, A: Sequential, const T: usize, const P: usize> {
    tape: &'a A::Tape<T, P>,
    kept: &'a [A::Kept; T],
    length: usize,
}

impl<A: Sequential, const T: usize, const P: usize> Inputs<A::Output> for Below<'_, A, T, P> {
    fn len(&self) -> usize {
        self.length
    }
    fn at(&self, step: usize) -> Option<&A::Output> {
        A::kept::<T, P>(self.tape, Place::Step(step), present(self.kept.get(step % T))?)
    }
    fn range<'a>(&'a self, range: Range<usize>) -> impl DoubleEndedIterator<Item = &'a A::Output> + Clone
    where
        A::Output: 'a,
    {
        A::outputs::<T, P>(self.tape, self.kept, range)
    }
}

impl<A: Sequential, B: Sequential<Scalar = A::Scalar> + Sweep<A::Output>> Sequential for Stacked<A, B> {
    type Kept = B::Kept;
    type Tape<const T: usize, const P: usize> = StackTape<A::Tape<T, P>, [A::Kept; T], B::Tape<T, P>>;
    /// Two cells share one pass over a sequence, step by step; in any other stack the lower layer passes over the whole
    /// sequence first.
    const PASSES: usize = if A::PASSES == 1 && B::PASSES == 1 { 1 } else { A::PASSES + B::PASSES };

    fn restart<const T: usize, const P: usize>(tape: &mut Self::Tape<T, P>, state: &Self::State) {
        A::restart::<T, P>(&mut tape.lower, &state.lower);
        B::restart::<T, P>(&mut tape.upper, &state.upper);
    }
    fn held<const T: usize, const P: usize>(tape: &Self::Tape<T, P>) -> Range<usize> {
        let (lower, upper) = (A::held::<T, P>(&tape.lower), B::held::<T, P>(&tape.upper));
        if Self::PASSES == 1 { upper } else { lower.start..lower.end + upper.end }
    }
    fn truncate<const T: usize, const P: usize>(tape: &mut Self::Tape<T, P>, end: usize) {
        if Self::PASSES == 1 {
            A::truncate::<T, P>(&mut tape.lower, end);
            B::truncate::<T, P>(&mut tape.upper, end);
        }
    }
    fn keep<const T: usize, const P: usize>(tape: &Self::Tape<T, P>, place: Place) -> Option<B::Kept> {
        B::keep::<T, P>(&tape.upper, place)
    }
    fn kept<'a, const T: usize, const P: usize>(
        tape: &'a Self::Tape<T, P>,
        place: Place,
        kept: &'a B::Kept,
    ) -> Option<&'a B::Output> {
        B::kept::<T, P>(&tape.upper, place, kept)
    }
    fn outputs<'a, const T: usize, const P: usize>(
        tape: &'a Self::Tape<T, P>,
        kept: &'a [B::Kept],
        range: Range<usize>,
    ) -> impl DoubleEndedIterator<Item = &'a B::Output> + Clone
    where
        Self: 'a,
    {
        B::outputs::<T, P>(&tape.upper, kept, range)
    }
}

/// Returns the visits of both layers that make up a visit of the stack, for a sequence of `steps` steps.
fn visits<A: Sequential, B: Sequential>(visit: usize, steps: usize) -> Pair<Option<usize>, Option<usize>> {
    if A::PASSES == 1 && B::PASSES == 1 {
        return Pair { lower: Some(visit), upper: Some(visit) };
    }
    match visit.checked_sub(A::PASSES * steps) {
        None => Pair { lower: Some(visit), upper: None },
        upper => Pair { lower: None, upper },
    }
}

impl<A, B, X> Layer<X> for Stacked<A, B>
where
    A: Layer<X>,
    B: Layer<A::Output, InputGradient = A::Output, Scalar = A::Scalar>,
{
    fn forward<const T: usize, const P: usize>(
        &self,
        tape: &mut Self::Tape<T, P>,
        state: &mut Self::State,
        visit: usize,
        xs: &(impl Inputs<X> + ?Sized),
    ) -> Result<(), SequenceError> {
        let StackTape { lower, kept, upper } = tape;
        let visits = visits::<A, B>(visit, xs.len());
        if let Some(visit) = visits.lower {
            self.lower.forward::<T, P>(lower, &mut state.lower, visit, xs)?;
        }
        let Some(visit) = visits.upper else { return Ok(()) };
        // The first pass of the upper layer goes from the first step to the last.
        if visit < xs.len()
            && let Some(kept) = present(kept.get_mut(visit % T))
            && let Some(output) = present(A::keep::<T, P>(lower, Place::Step(visit)))
        {
            *kept = output;
        }
        let below = Below::<A, T, P> { tape: lower, kept, length: xs.len() };
        self.upper.forward::<T, P>(upper, &mut state.upper, visit, &below)
    }
    fn repeat<const T: usize, const P: usize>(
        &self,
        tape: &mut Self::Tape<T, P>,
        visit: usize,
        xs: &(impl Inputs<X> + ?Sized),
    ) {
        self.lower.repeat::<T, P>(&mut tape.lower, visit, xs);
        let below = Below::<A, T, P> { tape: &tape.lower, kept: &tape.kept, length: xs.len() };
        self.upper.repeat::<T, P>(&mut tape.upper, visit, &below);
    }
    /// Goes back through the upper layer first, which gives the gradient of the lower layer's output.
    fn back<const T: usize, const P: usize>(
        &self,
        tape: &mut Self::Tape<T, P>,
        visit: usize,
        xs: &(impl Inputs<X> + ?Sized),
        gradient: &mut Self::State,
        source: impl Fn(Place, &B::Output, &mut B::Output),
    ) -> A::Scalar {
        let StackTape { lower, kept, upper } = tape;
        let visits = visits::<A, B>(visit, xs.len());
        let mut bound = A::Scalar::ZERO;
        if let Some(visit) = visits.upper {
            let below = Below::<A, T, P> { tape: lower, kept, length: xs.len() };
            bound = self.upper.back::<T, P>(upper, visit, &below, &mut gradient.upper, source);
        }
        let Some(visit) = visits.lower else { return bound };
        let back = self.lower.back::<T, P>(lower, visit, xs, &mut gradient.lower, |place, _, gradient| {
            if let Place::Step(step) = place {
                self.upper.add_input_gradient::<T, P>(upper, step, gradient);
            }
        });
        larger(bound, back)
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
        xs: &(impl Inputs<X> + ?Sized),
    ) {
        let below = Below::<A, T, P> { tape: &tape.lower, kept: &tape.kept, length: xs.len() };
        match unit.checked_sub(A::UNITS) {
            None => A::accumulate::<T, P>(&mut target.lower, unit, scale, &tape.lower, xs),
            Some(unit) => B::accumulate::<T, P>(&mut target.upper, unit, scale, &tape.upper, &below),
        }
    }
    fn descend<const T: usize, const P: usize>(
        &mut self,
        unit: usize,
        scale: A::Scalar,
        tape: &Self::Tape<T, P>,
        xs: &(impl Inputs<X> + ?Sized),
    ) {
        let below = Below::<A, T, P> { tape: &tape.lower, kept: &tape.kept, length: xs.len() };
        match unit.checked_sub(A::UNITS) {
            None => self.lower.descend::<T, P>(unit, scale, &tape.lower, xs),
            Some(unit) => self.upper.descend::<T, P>(unit, scale, &tape.upper, &below),
        }
    }
}
