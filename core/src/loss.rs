//! Losses: value and gradient together.

use crate::error::ConfigError;
use crate::input::Class;
use crate::linalg::Lanes;
use crate::math::{Math, Scalar, Zero, finite, larger};
use crate::present::{number, present};

/// Turns logits into probabilities: p_k = e^{x_k − max x} / Σ_j e^{x_j − max x}, summed in eight lanes.
///
/// A NaN or +∞ among the logits makes every probability NaN, as do logits that are all −∞.
pub fn softmax<M: Math>(logits: &mut [M::Scalar]) {
    let (_, sum) = exponentials::<M>(logits);
    let scale = M::Scalar::ONE / sum;
    for p in logits {
        *p *= scale;
    }
}

/// Computes ln Σ_k e^{x_k} without overflow: −∞ if every logit is −∞, +∞ if one is +∞, NaN if one is NaN.
pub fn log_sum_exp<M: Math, const K: usize>(logits: &[M::Scalar; K]) -> M::Scalar {
    let (most, sum) = exponentials::<M>(&mut { *logits });
    if most.is_finite() { most + M::ln(sum) } else { logits.iter().copied().fold(most, larger) }
}

/// Replaces each x by e^{x − max}; returns the maximum and the sum.
fn exponentials<M: Math>(logits: &mut [M::Scalar]) -> (M::Scalar, M::Scalar) {
    // Of no logits, none is the largest, and none is made less.
    let mut most = logits.first().copied().unwrap_or(M::Scalar::ZERO);
    for &x in logits.iter() {
        if x > most {
            most = x;
        }
    }
    for x in logits.iter_mut() {
        *x -= most;
    }
    M::exp_all(logits);
    let mut sum = Lanes::ZERO;
    sum.add(logits);
    (most, sum.total())
}

/// Loss function of outputs of type `Y`, which training minimises.
pub trait Loss<M: Math, Y> {
    /// Target of an output.
    type Target;
    /// Checks the configuration of the loss.
    ///
    /// # Errors
    /// [`ConfigError`] that names the problem.
    fn check(&self) -> Result<(), ConfigError> {
        Ok(())
    }
    /// Returns `true` if the loss is defined for `target`.
    fn accepts(&self, target: &Self::Target) -> bool;
    /// Returns the weight of a target in a mean. A target whose weight is not above 0 is ignored.
    fn weight(&self, target: &Self::Target) -> M::Scalar;
    /// Returns the loss times `scale`, and turns `outputs` into the gradient with respect to them.
    fn evaluate(&self, outputs: &mut Y, target: &Self::Target, scale: M::Scalar) -> M::Scalar;
}

/// Softmax and cross-entropy fused: L = ln Σ_k e^{x_k} − x_y, in nats; ∂L/∂x_k = softmax(x)_k − \[k = y\].
///
/// Stable for logits of any size; K exponentials, one logarithm, one division.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CrossEntropy;

impl<M: Math, const K: usize> Loss<M, [M::Scalar; K]> for CrossEntropy {
    type Target = Class<K>;
    fn accepts(&self, _: &Class<K>) -> bool {
        true
    }
    fn weight(&self, _: &Class<K>) -> M::Scalar {
        M::Scalar::ONE
    }
    fn evaluate(&self, outputs: &mut [M::Scalar; K], target: &Class<K>, scale: M::Scalar) -> M::Scalar {
        let logit = number(outputs, target.index());
        let (most, sum) = exponentials::<M>(outputs);
        let each = scale / sum;
        for p in outputs.iter_mut() {
            *p *= each;
        }
        if let Some(p) = present(outputs.get_mut(target.index())) {
            *p -= scale;
        }
        scale * (M::ln(sum) - (logit - most))
    }
}

/// [`CrossEntropy`] with a weight for each class: L = w_y · (ln Σ_k e^{x_k} − x_y). A mean divides by Σ w_y, as
/// described in [`Reduction`](crate::Reduction). A target whose class has weight 0 is ignored, whatever the
/// logits.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct WeightedCrossEntropy<const K: usize, T = f32> {
    /// One weight for each class: finite, not negative, not all zero.
    pub weights: [T; K],
}

impl<M: Math, const K: usize> Loss<M, [M::Scalar; K]> for WeightedCrossEntropy<K, M::Scalar> {
    type Target = Class<K>;
    fn check(&self) -> Result<(), ConfigError> {
        let usable = self.weights.iter().all(|&w| w.is_finite() && w >= M::Scalar::ZERO);
        let any = self.weights.iter().any(|&w| w > M::Scalar::ZERO);
        if usable && any { Ok(()) } else { Err(ConfigError::ClassWeight) }
    }
    fn accepts(&self, _: &Class<K>) -> bool {
        true
    }
    fn weight(&self, target: &Class<K>) -> M::Scalar {
        number(&self.weights, target.index())
    }
    fn evaluate(&self, outputs: &mut [M::Scalar; K], target: &Class<K>, scale: M::Scalar) -> M::Scalar {
        let scale = scale * Loss::<M, [M::Scalar; K]>::weight(self, target);
        Loss::<M, _>::evaluate(&CrossEntropy, outputs, target, scale)
    }
}

/// Squared error, summed over the outputs: L = Σ_k (y_k − t_k)²; ∂L/∂y_k = 2 (y_k − t_k).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SquaredError;

impl<M: Math, const K: usize> Loss<M, [M::Scalar; K]> for SquaredError {
    type Target = [M::Scalar; K];
    fn accepts(&self, target: &Self::Target) -> bool {
        finite(target)
    }
    fn weight(&self, _: &Self::Target) -> M::Scalar {
        M::Scalar::ONE
    }
    fn evaluate(&self, outputs: &mut [M::Scalar; K], target: &Self::Target, scale: M::Scalar) -> M::Scalar {
        for (y, &t) in outputs.iter_mut().zip(target) {
            *y -= t;
        }
        let mut sum = Lanes::ZERO;
        sum.add_products(outputs, outputs);
        for y in outputs.iter_mut() {
            *y *= scale + scale;
        }
        scale * sum.total()
    }
}
