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

/// Record of a window of up to `P` segments of `T` steps, in which up to `S` steps of each segment have a target.
///
/// A window is processed in slices of bounded work: [`forward`](Self::forward) for each visit, then
/// [`score`](Self::score) for each step with a target, then [`back`](Self::back) for the visits in reverse order, then
/// [`accumulate`](Self::accumulate) for each part of the gradient. If `P` is above 1, the last three phases are
/// run for the last segment; then the visits of the segment before it are [repeated](Self::repeat), followed by
/// the same phases, and so on. The sums over time continue from segment to segment, so the results have the same
/// bits as with a tape of all steps.
#[derive(FromZeros)]
pub struct Window<N: Model<Layer: Sequential>, const T: usize, const S: usize, const P: usize = 1> {
    tape: <N::Layer as Sequential>::Tape<T, P>,
    slots: [Slot<N::Outputs, <N::Layer as Sequential>::Kept>; S],
    used: u32,
}

/// Output with a target.
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

/// Encodes a place in 32 bits, so that a window has the same size on host and device. A tape counts its steps in 32
/// bits too.
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

/// Results of the backward pass over a window.
#[derive(Clone, Copy, Debug, PartialEq, FromZeros)]
pub struct Sweep<T, G> {
    /// Sum of the losses so far.
    pub loss: T,
    /// Gradient of the state that the backward pass has reached; at the end, this is the state before the first step.
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

    /// Discards all visits; the next visit starts from `state`.
    pub fn restart(&mut self, state: &C::State) {
        C::restart::<T, P>(&mut self.tape, state);
        self.used = 0;
    }

    /// Returns the visits whose records are on the tape: all visits so far or, with a checkpointed tape, those of one
    /// segment.
    pub fn held(&self) -> Range<usize> {
        C::held::<T, P>(&self.tape)
    }

    /// Discards the visits from `end` on, if the layers have one pass. No target may need these visits.
    pub fn truncate(&mut self, end: usize) {
        C::truncate::<T, P>(&mut self.tape, end);
    }

    /// Runs visit `visit` of the forward pass over `xs` and advances `state`.
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

    /// Repeats a visit of an earlier segment; see [`Tape::repeat`](crate::tape::Tape::repeat). Must be called for all
    /// visits of the segment in order.
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
    /// [`TrainError`] if the targets do not fit the window or cannot be used.
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

    /// Adds the loss of the output at `place` to `sweep` and stores the gradient of the outputs. Must be called for the
    /// last place first.
    ///
    /// Loss and gradient are multiplied by `scale`. Targets beyond `S` are ignored.
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

    /// Runs the backward pass through one visit, turning the record of the visit into gradients.
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

    /// Returns the gradient with respect to the input of step `t`, after the backward pass over that step.
    pub fn input_gradient<X>(&self, network: &Network<C, R>, t: usize) -> C::InputGradient
    where
        C: Layer<X>,
    {
        let mut gradient = C::InputGradient::ZERO;
        network.cell.add_input_gradient::<T, P>(&self.tape, t, &mut gradient);
        gradient
    }

    /// Returns the number of parts into which [`accumulate`](Self::accumulate) and [`descend`](Self::descend) divide
    /// their work.
    pub const fn units<X>() -> usize
    where
        C: Layer<X>,
    {
        C::UNITS + R::UNITS
    }

    /// Adds `scale` times the weight gradient of the steps on the tape to part `unit` of `gradient`. `xs` are the
    /// inputs of the whole window.
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

    /// Adds `scale` times the gradient to part `unit` of the weights themselves; with `scale` = −rate, this is
    /// gradient descent without memory for a gradient. Must not be called while steps remain to be repeated, because
    /// they need the old weights.
    pub fn descend<X>(&self, network: &mut Network<C, R>, unit: usize, scale: C::Scalar, xs: &(impl Inputs<X> + ?Sized))
    where
        C: Layer<X>,
    {
        match unit.checked_sub(C::UNITS) {
            None => network.cell.descend::<T, P>(unit, scale, &self.tape, xs),
            Some(unit) => network.readout.descend(unit, scale, self.deltas()),
        }
    }

    /// Returns the inputs of the read-out with the gradients of its outputs, last step first.
    fn deltas(&self) -> impl Iterator<Item = (&C::Output, &R::Output)> + Clone {
        let slots = part(&self.slots, ..self.used as usize);
        slots.iter().filter_map(|slot| {
            let output = present(C::kept::<T, P>(&self.tape, place(slot.place), &slot.kept))?;
            Some((output, &slot.delta))
        })
    }
}
