//! Where the targets of a sequence stand: at its end, at every step, at some steps.

use crate::error::TrainError;

/// The targets of a sequence of `steps` steps.
pub trait Targets<Y> {
    /// The target of `step`, `None` where there is none: such a step adds nothing to loss or gradient.
    fn at(&self, step: usize, steps: usize) -> Option<&Y>;
    /// Whether they fit a sequence of `steps` steps.
    ///
    /// # Errors
    /// [`TrainError::TargetCount`] if there is not one for each step.
    fn check(&self, steps: usize) -> Result<(), TrainError>;
}

/// One target, for the last step: classification, a value read off at the end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Last<Y>(pub Y);

impl<Y> Targets<Y> for Last<Y> {
    fn at(&self, step: usize, steps: usize) -> Option<&Y> {
        (step + 1 == steps).then_some(&self.0)
    }
    fn check(&self, _: usize) -> Result<(), TrainError> {
        Ok(())
    }
}

/// A target for each step: labelling, prediction of the next token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Each<'a, Y>(pub &'a [Y]);

impl<Y> Targets<Y> for Each<'_, Y> {
    fn at(&self, step: usize, _: usize) -> Option<&Y> {
        self.0.get(step)
    }
    fn check(&self, steps: usize) -> Result<(), TrainError> {
        count(self.0.len(), steps)
    }
}

/// A target for some steps, `None` for the others: padding, steps without a label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Masked<'a, Y>(pub &'a [Option<Y>]);

impl<Y> Targets<Y> for Masked<'_, Y> {
    fn at(&self, step: usize, _: usize) -> Option<&Y> {
        self.0.get(step).and_then(Option::as_ref)
    }
    fn check(&self, steps: usize) -> Result<(), TrainError> {
        count(self.0.len(), steps)
    }
}

fn count(targets: usize, steps: usize) -> Result<(), TrainError> {
    if targets == steps { Ok(()) } else { Err(TrainError::TargetCount { targets, steps }) }
}
