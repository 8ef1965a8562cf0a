//! Targets of a sequence: at the end, at every step, at the last steps or at some steps.

use crate::error::TrainError;
use crate::loss::Loss;
use crate::math::{Math, Scalar, Zero};

/// Targets of a sequence.
#[diagnostic::on_unimplemented(
    message = "`{Self}` holds no targets of type `{Y}`, with which the loss compares the outputs",
    label = "expected targets of type `{Y}`",
    note = "a class is a `Class<K>`, the K of the read-out `Dense<H, K>`: `Class::new(index)?`; `SquaredError` compares with an array `[f32; K]`",
    note = "`Last(y)` is a target for the last step, `Each(ys)` one for each step, `Tail(ys)` for the last steps, `Masked(ys)` for some"
)]
pub trait Targets<Y> {
    /// `true` if the target is for the [end](crate::layer::Place::End) of each direction instead of a step. For a cell,
    /// this is the same as the last step.
    const FINAL: bool = false;
    /// Returns the target of `step` in a sequence of `steps` steps, or `None` if there is none; the step then adds
    /// nothing to the loss or the gradient. A target to which the loss gives weight 0 is treated as no target.
    fn at(&self, step: usize, steps: usize) -> Option<&Y>;
    /// Checks that the targets fit a sequence of `steps` steps.
    ///
    /// # Errors
    /// [`TrainError::TargetCount`] if the number of targets does not fit.
    fn check(&self, steps: usize) -> Result<(), TrainError>;
}

/// Single target, for the last step: for classification, or for a value predicted at the end.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Last<Y>(pub Y);

impl<Y> Targets<Y> for Last<Y> {
    fn at(&self, step: usize, steps: usize) -> Option<&Y> {
        (step + 1 == steps).then_some(&self.0)
    }
    fn check(&self, _: usize) -> Result<(), TrainError> {
        Ok(())
    }
}

/// Single target, for the final states of both directions: for classification by a
/// [`Bidirectional`](crate::Bidirectional) layer. For a cell it is the same as [`Last`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Final<Y>(pub Y);

impl<Y> Targets<Y> for Final<Y> {
    const FINAL: bool = true;
    fn at(&self, step: usize, steps: usize) -> Option<&Y> {
        (step + 1 == steps).then_some(&self.0)
    }
    fn check(&self, _: usize) -> Result<(), TrainError> {
        Ok(())
    }
}

/// Target for each step: for labelling, or for predicting the next token.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Each<D>(pub D);

impl<Y, D: AsRef<[Y]>> Targets<Y> for Each<D> {
    fn at(&self, step: usize, _: usize) -> Option<&Y> {
        self.0.as_ref().get(step)
    }
    fn check(&self, steps: usize) -> Result<(), TrainError> {
        count(self.0.as_ref().len(), steps)
    }
}

/// Target for each of the last steps: for output that follows an input, such as the output of an
/// [`EncoderDecoder`](crate::EncoderDecoder).
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Tail<D>(pub D);

impl<Y, D: AsRef<[Y]>> Targets<Y> for Tail<D> {
    fn at(&self, step: usize, steps: usize) -> Option<&Y> {
        let targets = self.0.as_ref();
        targets.get((step + targets.len()).checked_sub(steps)?)
    }
    fn check(&self, steps: usize) -> Result<(), TrainError> {
        let targets = self.0.as_ref().len();
        if targets <= steps { Ok(()) } else { count(targets, steps) }
    }
}

/// Target for some steps, `None` for the others: for sequences in which not every step has a label.
///
/// A step without a target still runs and advances the state, but adds nothing to the loss or the gradient. A
/// window in which no step has a target only advances the state, as described in
/// [`Trainer::update_from`](crate::Trainer::update_from).
///
/// If outputs depend only on earlier steps, padding after the last step may have `None` as its targets: the loss is the
/// same as without padding. In a [`Bidirectional`](crate::Bidirectional) layer the backward direction would start in
/// the padding and change every output, so leave the padding out: pass only the real steps, `&xs[..length]`, with as
/// many targets.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Masked<D>(pub D);

impl<Y, D: AsRef<[Option<Y>]>> Targets<Y> for Masked<D> {
    fn at(&self, step: usize, _: usize) -> Option<&Y> {
        self.0.as_ref().get(step).and_then(Option::as_ref)
    }
    fn check(&self, steps: usize) -> Result<(), TrainError> {
        count(self.0.as_ref().len(), steps)
    }
}

/// Returns the target of `step` if it counts, that is, if there is one and its weight is above 0.
pub(crate) fn counted<'y, M: Math, Y, L: Loss<M, Y>>(
    loss: &L,
    targets: &'y impl Targets<L::Target>,
    step: usize,
    steps: usize,
) -> Option<&'y L::Target> {
    targets.at(step, steps).filter(|target| loss.weight(target) > M::Scalar::ZERO)
}

/// Summary of the targets of a sequence.
pub(crate) struct Weighed<T> {
    /// `true` if there is a target, even one of weight 0.
    pub given: bool,
    /// Total weight of the targets.
    pub weight: T,
    /// Largest number of targets that count in one segment.
    pub most: usize,
    /// Number of steps up to the last target that counts.
    pub end: usize,
}

impl<T: Scalar> Weighed<T> {
    /// Checks that, if there are targets, at least one counts.
    ///
    /// # Errors
    /// [`TrainError::NoTarget`] if there are targets but none counts.
    pub fn check(&self) -> Result<(), TrainError> {
        if self.given && self.weight <= T::ZERO { Err(TrainError::NoTarget) } else { Ok(()) }
    }
}

/// Checks that `loss` can use the targets of a sequence of `steps` steps, and summarises them for segments of `segment`
/// steps.
pub(crate) fn weigh<M: Math, Y, L: Loss<M, Y>>(
    loss: &L,
    targets: &impl Targets<L::Target>,
    steps: usize,
    segment: usize,
) -> Result<Weighed<M::Scalar>, TrainError> {
    targets.check(steps)?;
    let mut all = Weighed { given: false, weight: M::Scalar::ZERO, most: 0, end: 0 };
    let (mut count, mut next) = (0, segment);
    for (step, target) in (0..steps).filter_map(|step| Some((step, targets.at(step, steps)?))) {
        if !loss.accepts(target) {
            return Err(TrainError::NonFiniteTarget { step });
        }
        all.given = true;
        if counted(loss, targets, step, steps).is_none() {
            continue;
        }
        all.weight += loss.weight(target);
        while step >= next {
            (count, next) = (0, next.saturating_add(segment));
        }
        count += 1;
        all.most = all.most.max(count);
        all.end = step + 1;
    }
    Ok(all)
}

fn count(targets: usize, steps: usize) -> Result<(), TrainError> {
    if targets == steps { Ok(()) } else { Err(TrainError::TargetCount { targets, steps }) }
}
