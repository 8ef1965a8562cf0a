//! Loss and targets behind one trait, so that a network's window is compiled once, not once per loss and kind of
//! target.

use elman::Math;
use elman::loss::Loss;
use elman::target::Targets;

/// Goal for the outputs of a window: a loss, its targets and the factor on the loss.
pub trait Goal<M: Math, Y> {
    /// Returns `true` if the targets are for the end of each direction; see [`Targets::FINAL`].
    fn is_final(&self) -> bool;
    /// Returns `true` if `step` has a target.
    fn has(&self, step: usize, steps: usize) -> bool;
    /// Returns the factor on the loss.
    fn scale(&self) -> M::Scalar;
    /// Returns the loss of `outputs` at `step`, times `scale`, and replaces `outputs` with its gradient. The step must
    /// have a target.
    fn evaluate(&self, outputs: &mut Y, step: usize, steps: usize, scale: M::Scalar) -> M::Scalar;
}

impl<M: Math, Y, L: Loss<M, Y>, D: Targets<L::Target>> Goal<M, Y> for (&L, &D, M::Scalar) {
    fn is_final(&self) -> bool {
        D::FINAL
    }
    fn has(&self, step: usize, steps: usize) -> bool {
        self.1.at(step, steps).is_some()
    }
    fn scale(&self) -> M::Scalar {
        self.2
    }
    fn evaluate(&self, outputs: &mut Y, step: usize, steps: usize, scale: M::Scalar) -> M::Scalar {
        self.0.evaluate(outputs, self.1.at(step, steps).unwrap(), scale)
    }
}

/// Loss made of a goal and the number of steps of its window; a target is the index of a step.
pub(crate) struct Steps<'a, M, Y>(pub &'a dyn Goal<M, Y>, pub usize);

impl<M: Math, Y> Loss<M, Y> for Steps<'_, M, Y> {
    type Target = usize;
    fn accepts(&self, _: &usize) -> bool {
        true
    }
    fn weight(&self, _: &usize) -> M::Scalar {
        elman::math::Scalar::ONE
    }
    fn evaluate(&self, outputs: &mut Y, step: &usize, scale: M::Scalar) -> M::Scalar {
        self.0.evaluate(outputs, *step, self.1, scale)
    }
}
