//! Back-propagation through time over one window.

use crate::dense::LearnedReadout;
use crate::error::{SequenceError, TrainError};
use crate::inputs::Inputs;
use crate::layer::{Layer, Place, Sequential};
use crate::loss::Loss;
use crate::math::{Scalar, Zero};
use crate::network::{Model, Network};
use crate::parameters::Parameters;
use crate::present::{part, present};
use crate::target::{Targets, Weighed, weigh};
use core::cmp::Reverse;
use core::ops::Range;
use zerocopy::FromZeros;

/// Record of a window of up to `P` segments of `T` steps, of which up to `S` per segment have a target.
///
/// A window is processed in slices of bounded work: [`forward`](Self::forward) for each visit, then
/// [`score`](Self::score) for each step with a target, then [`back`](Self::back) for the visits in reverse order,
/// then [`accumulate`](Self::accumulate) for each unit. If `P` is above 1, the last three are done for the last
/// segment; then the visits of the segment before it are [repeated](Self::repeat), and so on. The sums over time
/// continue from segment to segment, so the bits are the same as for a window that holds all steps.
#[derive(FromZeros)]
pub struct Window<N: Model<Layer: Sequential>, const T: usize, const S: usize, const P: usize = 1> {
    tape: <N::Layer as Sequential>::Tape<T, P>,
    slots: [Slot<N::Outputs, <N::Layer as Sequential>::Kept>; S],
    used: u32,
}

/// Output that has a target.
#[derive(Clone, Copy, Debug, FromZeros)]
struct Slot<D, K> {
    /// [`Place`] of the output, encoded by [`number`].
    place: u32,
    /// Gradient with respect to the read-out's outputs.
    delta: D,
    kept: K,
}

impl<D: Zero, K: Zero> Zero for Slot<D, K> {
    const ZERO: Self = Self { place: 0, delta: D::ZERO, kept: K::ZERO };
}

/// Encodes a place in 32 bits, so that a window has the same size on host and device. A tape counts its steps
/// likewise.
const fn number(place: Place) -> u32 {
    match place {
        Place::Step(step) => step as u32,
        Place::End => u32::MAX,
    }
}

const fn place(number: u32) -> Place {
    if number == u32::MAX { Place::End } else { Place::Step(number as usize) }
}

impl<N: Model<Layer: Sequential>, const T: usize, const S: usize, const P: usize> Zero for Window<N, T, S, P> {
    const ZERO: Self = {
        assert!(S > 0 && S <= T, "a window has room for at least one target and at most one per step");
        assert!(P == 1 || N::Layer::PASSES == 1, "only a layer with one pass over a sequence can be checkpointed");
        Self { tape: <N::Layer as Sequential>::Tape::<T, P>::ZERO, slots: [Slot::ZERO; S], used: 0 }
    };
}

/// Results of the backward pass through a window.
#[derive(Clone, Copy, Debug, PartialEq, FromZeros)]
pub struct Sweep<T, G> {
    /// Loss so far.
    pub loss: T,
    /// Gradient of the state; once the sweep is done, of the state before the first step.
    pub state: G,
    /// Upper bound on each element of the weight gradient: Σ_t max|δ_t| · max(1, |x_t|, |h_t|).
    pub bound: T,
}

impl<T: Scalar, G: Zero> Zero for Sweep<T, G> {
    const ZERO: Self = Self { loss: T::ZERO, state: G::ZERO, bound: T::ZERO };
}

/// Gradient of a network's weights.
type GradientOf<C, R> = Network<<C as Parameters>::Gradient, <R as Parameters>::Gradient>;

impl<C, R, const T: usize, const S: usize, const P: usize> Window<Network<C, R>, T, S, P>
where
    C: Sequential,
    R: LearnedReadout<C::Output, Scalar = C::Scalar>,
{
    /// Length of the longest sequence, in steps.
    pub const CAPACITY: usize = T * P;

    /// Discards all steps; the next one starts from `state`.
    pub fn restart(&mut self, state: &C::State) {
        C::restart::<T, P>(&mut self.tape, state);
        self.used = 0;
    }

    /// Visits whose records are held: all visits so far or, with a checkpointed tape, the visits of one segment.
    pub fn held(&self) -> Range<usize> {
        C::held::<T, P>(&self.tape)
    }

    /// Discards the visits from `end` on, which no target needs.
    pub fn truncate(&mut self, end: usize) {
        C::truncate::<T, P>(&mut self.tape, end);
    }

    /// Makes one visit forward: reads `xs` and advances `state`.
    ///
    /// # Errors
    /// [`SequenceError::TooLong`] if the tape is full.
    pub fn forward<X>(
        &mut self,
        network: &Network<C, R>,
        state: &mut C::State,
        visit: usize,
        xs: &(impl Inputs<X> + ?Sized),
    ) -> Result<(), SequenceError>
    where
        C: Layer<X>,
    {
        network.cell.forward::<T, P>(&mut self.tape, state, visit, xs)
    }

    /// A visit of an earlier segment again, as [`Tape::repeat`](crate::tape::Tape::repeat): from the segment's first on, in their
    /// order.
    pub fn repeat<X>(&mut self, network: &Network<C, R>, visit: usize, xs: &(impl Inputs<X> + ?Sized))
    where
        C: Layer<X>,
    {
        self.used = 0;
        network.cell.repeat::<T, P>(&mut self.tape, visit, xs);
    }

    /// Checks the targets of a window of `steps` steps.
    ///
    /// # Errors
    /// [`TrainError`] that names the unusable target.
    pub(crate) fn check_targets<L: Loss<C::Math, R::Output>>(
        loss: &L,
        targets: &impl Targets<L::Target>,
        steps: usize,
    ) -> Result<Weighed<C::Scalar>, TrainError> {
        let segment = if P == 1 { usize::MAX } else { T };
        let weighed = weigh(loss, targets, steps, segment)?;
        if weighed.most > S {
            return Err(TrainError::TooManyTargets { targets: weighed.most, capacity: S });
        }
        Ok(weighed)
    }

    /// Adds the loss of the output at `place` and keeps its gradient. Call it for the last place first.
    ///
    /// `scale` multiplies both. Targets beyond `S` are ignored.
    pub fn score<L: Loss<C::Math, R::Output>>(
        &mut self,
        network: &Network<C, R>,
        place: Place,
        (loss, target, scale): (&L, &L::Target, C::Scalar),
        sweep: &mut Sweep<C::Scalar, C::State>,
    ) {
        let Some(slot) = self.slots.get_mut(self.used as usize) else { return };
        let Some(kept) = present(C::keep::<T, P>(&self.tape, place)) else { return };
        (slot.place, slot.kept) = (number(place), kept);
        let Some(output) = present(C::kept::<T, P>(&self.tape, place, &slot.kept)) else { return };
        network.readout.forward(output, &mut slot.delta);
        sweep.loss += loss.evaluate(&mut slot.delta, target, scale);
        sweep.bound += R::bound(output, &slot.delta);
        self.used += 1;
    }

    /// Makes one visit backward: turns its record into gradients.
    pub fn back<X>(
        &mut self,
        network: &Network<C, R>,
        visit: usize,
        xs: &(impl Inputs<X> + ?Sized),
        sweep: &mut Sweep<C::Scalar, C::State>,
    ) where
        C: Layer<X>,
    {
        let slots = part(&self.slots, ..self.used as usize);
        sweep.bound +=
            network.cell.back::<T, P>(&mut self.tape, visit, xs, &mut sweep.state, |place, output, gradient| {
                let slot = slots.binary_search_by_key(&Reverse(number(place)), |slot| Reverse(slot.place));
                if let Some(slot) = slot.ok().and_then(|slot| present(slots.get(slot))) {
                    network.readout.back(output, &slot.delta, gradient);
                }
            });
    }

    /// Returns the gradient with respect to the input of step `t`, once the sweep has passed that step.
    pub fn input_gradient<X>(&self, network: &Network<C, R>, t: usize) -> C::InputGradient
    where
        C: Layer<X>,
    {
        let mut gradient = C::InputGradient::ZERO;
        network.cell.add_input_gradient::<T, P>(&self.tape, t, &mut gradient);
        gradient
    }

    /// Number of slices of bounded work in [`accumulate`](Self::accumulate) and [`descend`](Self::descend).
    pub const fn units<X>() -> usize
    where
        C: Layer<X>,
    {
        C::UNITS + R::UNITS
    }

    /// Adds `scale` times the weight gradient of the steps held to the part `unit` of `gradient`. `xs` are the inputs
    /// of the whole window.
    pub fn accumulate<X>(
        &self,
        gradient: &mut GradientOf<C, R>,
        unit: usize,
        scale: C::Scalar,
        xs: &(impl Inputs<X> + ?Sized),
    ) where
        C: Layer<X>,
    {
        match unit.checked_sub(C::UNITS) {
            None => C::accumulate::<T, P>(&mut gradient.cell, unit, scale, &self.tape, xs),
            Some(unit) => R::accumulate(&mut gradient.readout, unit, scale, self.deltas()),
        }
    }

    /// Adds `scale` times the gradient to the weights themselves: with `scale` = −rate, gradient descent without
    /// memory for a gradient. Not allowed while steps are still to be repeated: they need the old weights.
    pub fn descend<X>(&self, network: &mut Network<C, R>, unit: usize, scale: C::Scalar, xs: &(impl Inputs<X> + ?Sized))
    where
        C: Layer<X>,
    {
        match unit.checked_sub(C::UNITS) {
            None => network.cell.descend::<T, P>(unit, scale, &self.tape, xs),
            Some(unit) => network.readout.descend(unit, scale, self.deltas()),
        }
    }

    /// Inputs of the read-out with the gradients of its outputs, last step first.
    fn deltas(&self) -> impl Iterator<Item = (&C::Output, &R::Output)> + Clone {
        let slots = part(&self.slots, ..self.used as usize);
        slots.iter().filter_map(|slot| {
            let output = present(C::kept::<T, P>(&self.tape, place(slot.place), &slot.kept))?;
            Some((output, &slot.delta))
        })
    }
}
