//! Loss and targets behind one type, so that the window of a network is compiled once and not for each pair of them.

use elman::Math;
use elman::loss::Loss;
use elman::target::Targets;

/// What the outputs of a window are to be: a loss, its targets and the factor on the loss.
pub trait Goal<M: Math, Y> {
    /// `true` if the targets are for the end of each direction, as [`Targets::FINAL`].
    fn is_final(&self) -> bool;
    /// `true` if there is a target for `step`.
    fn has(&self, step: usize, steps: usize) -> bool;
    /// Factor on the loss.
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

/// A goal over a window of so many steps, as the loss of its steps' numbers.
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
