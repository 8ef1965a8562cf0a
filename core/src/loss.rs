//! Loss functions, which compute value and gradient together.

use crate::error::ConfigError;
use crate::input::Class;
use crate::linalg::Lanes;
use crate::math::{Math, Scalar, Zero, finite, larger, whole};
use crate::present::{number, present};

/// Replaces logits by probabilities: p_k = e^{x_k − max x} / Σ_j e^{x_j − max x}, summed in eight lanes.
///
/// If a logit is NaN or +∞, or all are −∞, every probability is NaN.
pub fn softmax<M: Math>(logits: &mut [M::Scalar]) {
    let (_, sum) = exponentials::<M>(logits);
    let scale = M::Scalar::ONE / sum;
    for p in logits {
        *p *= scale;
    }
}

/// Returns ln Σ_k e^{x_k}, computed without overflow: −∞ if every logit is −∞, +∞ if one is +∞, NaN if one is NaN.
pub fn log_sum_exp<M: Math, const K: usize>(logits: &[M::Scalar; K]) -> M::Scalar {
    let (most, sum) = exponentials::<M>(&mut { *logits });
    if most.is_finite() { most + M::ln(sum) } else { logits.iter().copied().fold(most, larger) }
}

/// Replaces each x by e^{x − max}, and returns the maximum and the sum.
fn exponentials<M: Math>(logits: &mut [M::Scalar]) -> (M::Scalar, M::Scalar) {
    let most = below_largest(logits);
    (most, exponentiated::<M>(logits))
}

/// Replaces each x by x − max, and returns the maximum.
fn below_largest<T: Scalar>(logits: &mut [T]) -> T {
    // Without logits there is no maximum, and nothing to subtract it from.
    let mut most = logits.first().copied().unwrap_or(T::ZERO);
    for &x in logits.iter() {
        if x > most {
            most = x;
        }
    }
    for x in logits.iter_mut() {
        *x -= most;
    }
    most
}

/// Replaces each x by e^x, and returns the sum.
fn exponentiated<M: Math>(logits: &mut [M::Scalar]) -> M::Scalar {
    M::exp_all(logits);
    total(logits)
}

/// Loss function of outputs of type `Y`, to be minimised by training.
pub trait Loss<M: Math, Y> {
    /// Type of a target.
    type Target;
    /// Checks the configuration of the loss.
    ///
    /// # Errors
    /// Returns a [`ConfigError`] that names the problem.
    fn check(&self) -> Result<(), ConfigError> {
        Ok(())
    }
    /// Returns `true` if the loss can be computed for `target`.
    fn accepts(&self, target: &Self::Target) -> bool;
    /// Returns the weight of a target in a mean. A target is ignored unless its weight is above 0.
    fn weight(&self, target: &Self::Target) -> M::Scalar;
    /// Returns the loss times `scale`, and replaces `outputs` by the gradient of this product with respect to them.
    fn evaluate(&self, outputs: &mut Y, target: &Self::Target, scale: M::Scalar) -> M::Scalar;
}

/// Softmax and cross-entropy fused: L = ln Σ_k e^{x_k} − x_y, in nats; ∂L/∂x_k = softmax(x)_k − \[k = y\].
///
/// Stable for logits of any size; costs K exponentials, one logarithm and one division.
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
/// described in [`Reduction`](crate::Reduction). A target whose class has weight 0 is ignored, whatever the logits.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct WeightedCrossEntropy<const K: usize, T = f32> {
    /// One weight for each class: finite, not negative, not all zero.
    pub weights: [T; K],
}

impl<M: Math, const K: usize> Loss<M, [M::Scalar; K]> for WeightedCrossEntropy<K, M::Scalar> {
    type Target = Class<K>;
    fn check(&self) -> Result<(), ConfigError> {
        check_weights(&self.weights)
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

fn check_weights<T: Scalar>(weights: &[T]) -> Result<(), ConfigError> {
    let usable = weights.iter().all(|&w| w.is_finite() && w >= T::ZERO);
    let any = weights.iter().any(|&w| w > T::ZERO);
    if usable && any { Ok(()) } else { Err(ConfigError::ClassWeight) }
}

/// [`WeightedCrossEntropy`] with smoothed labels, like PyTorch's `CrossEntropyLoss(weight=w, label_smoothing=ε)`:
/// L = Σ_k q_k (ln Σ_j e^{x_j} − x_k) with q_k = w_k ((1 − ε) \[k = y\] + ε/K), in nats;
/// ∂L/∂x_k = softmax(x)_k Σ_j q_j − q_k.
///
/// With equal weights, the loss is smallest if the network gives class y a probability of 1 − ε + ε/K, not 1. A mean
/// divides by Σ w_y. A target whose class has weight 0 is ignored, while PyTorch adds
/// ε/K Σ_k w_k (ln Σ_j e^{x_j} − x_k) for it. With ε = 0 and all weights 1 the bits are those of [`CrossEntropy`].
///
/// Stable for logits of any size; costs K exponentials, one logarithm, one division by a sum, and two arrays of K
/// numbers on the stack.
///
/// Szegedy et al., "Rethinking the Inception architecture for computer vision", CVPR (2016).
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SmoothedCrossEntropy<const K: usize, T = f32> {
    /// One weight for each class: finite, not negative, not all zero.
    pub weights: [T; K],
    /// ε, the share of a label that is spread evenly over all classes, in \[0, 1\].
    pub smoothing: T,
}

impl<const K: usize, T: Scalar> SmoothedCrossEntropy<K, T> {
    /// Creates a loss with smoothed labels and equal class weights.
    pub const fn new(smoothing: T) -> Self {
        Self { weights: [T::ONE; K], smoothing }
    }

    /// Returns q, the share of the target that each class has.
    fn parts(&self, target: Class<K>) -> [T; K] {
        let shared = self.smoothing / whole(K as u32);
        let mut parts = self.weights.map(|weight| weight * shared);
        if let Some(part) = present(parts.get_mut(target.index())) {
            *part += number(&self.weights, target.index()) * (T::ONE - self.smoothing);
        }
        parts
    }
}

impl<M: Math, const K: usize> Loss<M, [M::Scalar; K]> for SmoothedCrossEntropy<K, M::Scalar> {
    type Target = Class<K>;
    fn check(&self) -> Result<(), ConfigError> {
        if !(M::Scalar::ZERO <= self.smoothing && self.smoothing <= M::Scalar::ONE) {
            return Err(ConfigError::LabelSmoothing);
        }
        check_weights(&self.weights)
    }
    fn accepts(&self, _: &Class<K>) -> bool {
        true
    }
    fn weight(&self, target: &Class<K>) -> M::Scalar {
        number(&self.weights, target.index())
    }
    fn evaluate(&self, outputs: &mut [M::Scalar; K], target: &Class<K>, scale: M::Scalar) -> M::Scalar {
        against::<M, K>(outputs, &self.parts(*target), scale)
    }
}

/// [`CrossEntropy`] against a part q_k for each class, such as the probabilities that other networks give them:
/// L = Σ_k q_k (ln Σ_j e^{x_j} − x_k), in nats; ∂L/∂x_k = softmax(x)_k Σ_j q_j − q_k.
///
/// Equals PyTorch's `CrossEntropyLoss` with probabilities as the target. Stable for logits of any size; K exponentials, one logarithm,
/// one division by a sum; an array of K numbers on the stack.
///
/// Hinton, Vinyals, Dean, "Distilling the knowledge in a neural network" (2015), at temperature 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SoftCrossEntropy;

impl<M: Math, const K: usize> Loss<M, [M::Scalar; K]> for SoftCrossEntropy {
    type Target = [M::Scalar; K];
    fn accepts(&self, target: &Self::Target) -> bool {
        finite(target)
    }
    fn weight(&self, _: &Self::Target) -> M::Scalar {
        M::Scalar::ONE
    }
    fn evaluate(&self, outputs: &mut [M::Scalar; K], target: &Self::Target, scale: M::Scalar) -> M::Scalar {
        against::<M, K>(outputs, target, scale)
    }
}

/// Returns the cross-entropy with these parts times `scale`, and turns logits into its gradient.
fn against<M: Math, const K: usize>(
    outputs: &mut [M::Scalar; K],
    parts: &[M::Scalar; K],
    scale: M::Scalar,
) -> M::Scalar {
    below_largest(outputs);
    let below = parted(parts, outputs);
    let sum = exponentiated::<M>(outputs);
    let all = total(parts);
    let each = all * scale / sum;
    for (p, &part) in outputs.iter_mut().zip(parts) {
        *p = *p * each - part * scale;
    }
    scale * (all * M::ln(sum) - below)
}

/// Returns Σ_k q_k x_k over the classes with q_k > 0, because 0 · −∞ would be NaN.
fn parted<T: Scalar, const K: usize>(parts: &[T; K], logits: &[T; K]) -> T {
    let mut products = *parts;
    for (product, &logit) in products.iter_mut().zip(logits) {
        if *product > T::ZERO {
            *product *= logit;
        }
    }
    total(&products)
}

fn total<T: Scalar>(numbers: &[T]) -> T {
    let mut sum = Lanes::ZERO;
    sum.add(numbers);
    sum.total()
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
