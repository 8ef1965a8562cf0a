use elman::error::ConfigError;
use elman::loss::{Loss, SmoothedCrossEntropy, SoftCrossEntropy, WeightedCrossEntropy};
use elman::{Class, CrossEntropy, Math, SquaredError};
use std::cell::Cell;
use std::fmt::Debug;

/// Loss that can also judge whether a prediction is correct. A checkpoint identifies it by its [`Debug`] form.
pub trait Judge<M: Math, Y>: Loss<M, Y> + Debug {
    /// Returns `true` if the outputs predict the target's class; `None` if targets are not classes.
    fn right(&self, outputs: &Y, target: &Self::Target) -> Option<bool>;
}

impl<M: Math, const K: usize> Judge<M, [M::Scalar; K]> for CrossEntropy {
    fn right(&self, outputs: &[M::Scalar; K], target: &Class<K>) -> Option<bool> {
        Some(Class::largest(outputs) == Some(*target))
    }
}

impl<M: Math, const K: usize> Judge<M, [M::Scalar; K]> for WeightedCrossEntropy<K, M::Scalar> {
    fn right(&self, outputs: &[M::Scalar; K], target: &Class<K>) -> Option<bool> {
        Some(Class::largest(outputs) == Some(*target))
    }
}

impl<M: Math, const K: usize> Judge<M, [M::Scalar; K]> for SmoothedCrossEntropy<K, M::Scalar> {
    fn right(&self, outputs: &[M::Scalar; K], target: &Class<K>) -> Option<bool> {
        Some(Class::largest(outputs) == Some(*target))
    }
}

/// The class with the largest part is the right one.
impl<M: Math, const K: usize> Judge<M, [M::Scalar; K]> for SoftCrossEntropy {
    fn right(&self, outputs: &[M::Scalar; K], target: &[M::Scalar; K]) -> Option<bool> {
        Some(Class::<K>::largest(outputs) == Class::<K>::largest(target))
    }
}

impl<M: Math, const K: usize> Judge<M, [M::Scalar; K]> for SquaredError {
    fn right(&self, _: &[M::Scalar; K], _: &[M::Scalar; K]) -> Option<bool> {
        None
    }
}

/// Counts of targets, updated whenever a loss is evaluated.
#[derive(Debug, Default)]
pub struct Tally {
    right: Cell<u64>,
    answers: Cell<u64>,
    weight: Cell<f64>,
}

impl Tally {
    /// Returns the number of correct predictions and the number of predictions; both are 0 if targets are not
    /// classes.
    pub fn answers(&self) -> [u64; 2] {
        [self.right.get(), self.answers.get()]
    }

    /// Returns the sum of the targets' weights.
    pub fn weight(&self) -> f64 {
        self.weight.get()
    }
}

/// Loss that also counts targets. Trainer and reader evaluate it once for each target, so the predictions of
/// any network are judged along the way.
pub struct Counted<'a, L> {
    pub loss: &'a L,
    pub tally: &'a Tally,
}

impl<M: Math<Scalar: Into<f64>>, Y, L: Judge<M, Y>> Loss<M, Y> for Counted<'_, L> {
    type Target = L::Target;
    fn check(&self) -> Result<(), ConfigError> {
        self.loss.check()
    }
    fn accepts(&self, target: &L::Target) -> bool {
        self.loss.accepts(target)
    }
    fn weight(&self, target: &L::Target) -> M::Scalar {
        self.loss.weight(target)
    }
    fn evaluate(&self, outputs: &mut Y, target: &L::Target, scale: M::Scalar) -> M::Scalar {
        let Tally { right, answers, weight } = self.tally;
        if let Some(is_right) = self.loss.right(outputs, target) {
            right.set(right.get() + u64::from(is_right));
            answers.set(answers.get() + 1);
        }
        weight.set(weight.get() + self.loss.weight(target).into());
        self.loss.evaluate(outputs, target, scale)
    }
}
