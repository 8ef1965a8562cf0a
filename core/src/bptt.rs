//! Back-propagation through time over one window.

use crate::cell::{Cell, Recurrent, Step};
use crate::dense::Readout;
use crate::error::{SequenceError, TrainError};
use crate::loss::Loss;
use crate::math::{Magnitude, Scalar, Zero, larger};
use crate::network::{Model, Network};
use crate::parameters::Parameters;
use crate::tape::Tape;
use crate::target::{Targets, Weighed, weigh};
use zerocopy::FromZeros;

/// The record of a window of up to `P` segments of `T` steps, up to `S` of each with a target.
///
/// The way of a window, each part in slices of bounded work: [`push`](Self::push) for each step, then
/// [`step_back`](Self::step_back) for t falling, then [`accumulate`](Self::accumulate) for each unit. Where `P` is above 1
/// that is done for the last segment; then its steps forward are [repeated](Self::repeat) for the segment before, and so
/// on. The sums over time go on where they were, so the bits are those of a window that holds all steps.
#[derive(FromZeros)]
pub struct Window<N: Model, const T: usize, const S: usize, const P: usize = 1> {
    pub(crate) tape: Tape<N::Cell, T, P>,
    slots: [Slot<N::Outputs>; S],
    used: u32,
}

/// The gradient of the outputs at one step that has a target.
#[derive(Clone, Copy, Debug, FromZeros)]
struct Slot<D> {
    step: u32,
    delta: D,
}

impl<D: Zero> Zero for Slot<D> {
    const ZERO: Self = Self { step: 0, delta: D::ZERO };
}

impl<N: Model, const T: usize, const S: usize, const P: usize> Zero for Window<N, T, S, P> {
    const ZERO: Self = {
        assert!(S > 0 && S <= T, "a window has room for at least one target, and for one a step at most");
        Self { tape: Tape::ZERO, slots: [Slot::ZERO; S], used: 0 }
    };
}

/// What the way back through a window found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sweep<T, G> {
    /// The loss so far.
    pub loss: T,
    /// The gradient of the state: once the sweep is done, of the state before the first step.
    pub state: G,
    /// No element of the weights' gradient is larger than this: Σ_t max|δ_t| · max(1, |x_t|, |h_t|).
    pub bound: T,
}

impl<T: Scalar, G: Zero> Zero for Sweep<T, G> {
    const ZERO: Self = Self { loss: T::ZERO, state: G::ZERO, bound: T::ZERO };
}

/// The gradient of a network's weights.
type GradientOf<C, R> = Network<<C as Parameters>::Gradient, <R as Parameters>::Gradient>;

impl<C, R, const T: usize, const S: usize, const P: usize> Window<Network<C, R>, T, S, P>
where
    C: Recurrent,
    R: Readout<C::Output, Scalar = C::Scalar>,
{
    /// Forgets all steps; the next starts from `state`.
    pub fn restart(&mut self, state: &C::State) {
        self.tape.restart(state);
        self.used = 0;
    }

    /// One step forward: reads `x` and moves `state` on.
    ///
    /// # Errors
    /// [`SequenceError::TooLong`] if the tape is full.
    pub fn push<X>(&mut self, network: &Network<C, R>, state: &mut C::State, x: &X) -> Result<(), SequenceError>
    where
        C: Cell<X>,
    {
        self.tape.push(&network.cell, state, x)
    }

    /// Step `t` of an earlier segment again, as [`Tape::repeat`]: from the segment's first step on, for t rising.
    pub fn repeat<X>(&mut self, network: &Network<C, R>, (t, x): (usize, &X))
    where
        C: Cell<X>,
    {
        self.used = 0;
        self.tape.repeat(&network.cell, (t, x));
    }

    /// Checks the targets of a window of `steps` steps; returns Σ weights and the number of steps up to the last target.
    ///
    /// # Errors
    /// A [`TrainError`] that names the target that cannot be used.
    pub fn check_targets<L: Loss<C::Math, R::Output>>(
        loss: &L,
        targets: &impl Targets<L::Target>,
        steps: usize,
    ) -> Result<(C::Scalar, usize), TrainError> {
        let segment = if P == 1 { usize::MAX } else { T };
        let Weighed { weight, most, end } = weigh(loss, targets, steps, segment)?;
        if most > S {
            return Err(TrainError::TooManyTargets { targets: most, capacity: S });
        }
        Ok((weight, end))
    }

    /// One step back, for t falling: adds the loss of step `t`, if it has a target, and turns its record into gradients.
    ///
    /// `scale` multiplies loss and gradient. `x` is the step's input. Targets beyond `S` are left out:
    /// [`check_targets`](Self::check_targets) comes first.
    pub fn step_back<X, L: Loss<C::Math, R::Output>>(
        &mut self,
        network: &Network<C, R>,
        (t, x): (usize, &X),
        (loss, target, scale): (&L, Option<&L::Target>, C::Scalar),
        sweep: &mut Sweep<C::Scalar, C::State>,
    ) where
        C: Cell<X>,
    {
        let Some((record, before)) = self.tape.at(t) else { return };
        if let Some((target, slot)) = target.zip(self.slots.get_mut(self.used as usize)) {
            let output = C::recorded(record);
            network.readout.forward(output, &mut slot.delta);
            sweep.loss += loss.evaluate(&mut slot.delta, target, scale);
            network.readout.back(&slot.delta, C::output_mut(&mut sweep.state));
            sweep.bound += slot.delta.magnitude() * larger(C::Scalar::ONE, output.magnitude());
            // A tape counts its steps in 32 bits.
            slot.step = t as u32;
            self.used += 1;
        }
        network.cell.step_back(record, before, &mut sweep.state);
        sweep.bound += C::bound(Step { record, before, input: x });
    }

    /// The gradient with respect to the input of step `t`, once the sweep has passed it.
    pub fn input_gradient<X>(&mut self, network: &Network<C, R>, t: usize) -> Option<C::InputGradient>
    where
        C: Cell<X>,
    {
        let (record, _) = self.tape.at(t)?;
        let mut gradient = C::InputGradient::ZERO;
        network.cell.add_input_gradient(record, &mut gradient);
        Some(gradient)
    }

    /// Slices of bounded work of [`accumulate`](Self::accumulate) and [`descend`](Self::descend).
    pub const fn units<X>() -> usize
    where
        C: Cell<X>,
    {
        C::UNITS + R::UNITS
    }

    /// Adds `scale` times the gradient of the weights, as far as the steps held go, to the part `unit` of `gradient`. `xs`
    /// are the inputs of the whole window.
    pub fn accumulate<X>(&self, gradient: &mut GradientOf<C, R>, unit: usize, scale: C::Scalar, xs: &[X])
    where
        C: Cell<X>,
    {
        match unit.checked_sub(C::UNITS) {
            None => C::accumulate(&mut gradient.cell, unit, scale, self.tape.steps(xs)),
            Some(unit) => R::accumulate(&mut gradient.readout, unit, scale, self.deltas()),
        }
    }

    /// Adds `scale` times the gradient to the weights themselves: with `scale` = −rate, gradient descent that needs no
    /// room for a gradient. Not where steps are still to be repeated: they need the weights as they were.
    pub fn descend<X>(&self, network: &mut Network<C, R>, unit: usize, scale: C::Scalar, xs: &[X])
    where
        C: Cell<X>,
    {
        match unit.checked_sub(C::UNITS) {
            None => network.cell.descend(unit, scale, self.tape.steps(xs)),
            Some(unit) => network.readout.descend(unit, scale, self.deltas()),
        }
    }

    /// What the read-out read and the gradient of what it wrote, the last step first.
    fn deltas(&self) -> impl Iterator<Item = (&C::Output, &R::Output)> + Clone {
        let slots = self.slots.get(..self.used as usize).unwrap_or(&[]);
        slots.iter().filter_map(|slot| Some((self.tape.output(slot.step as usize)?, &slot.delta)))
    }
}
