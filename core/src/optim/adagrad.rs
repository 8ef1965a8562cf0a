use super::{Accumulated, Kept, Optimizer, over_epsilon, positive, stays_finite};
use crate::clip::Scaling;
use crate::error::ConfigError;
use crate::math::{Math, Scalar, Zero};
use crate::parameters::{Parameters, walk_range};
use core::ops::Range;

/// Adagrad: s ← s + g²; w ← w − rate · g / (√s + epsilon).
///
/// Duchi, Hazan, Singer, "Adaptive subgradient methods for online learning", JMLR 12 (2011).
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Adagrad<T = f32> {
    /// Learning rate, above 0.
    pub rate: T,
    /// Keeps the denominator above 0; customarily 10⁻¹⁰.
    pub epsilon: T,
}

impl<T: Scalar> Adagrad<T> {
    /// Creates the rule with PyTorch's epsilon, 10⁻¹⁰.
    pub fn new(rate: T) -> Self {
        Self { rate, epsilon: T::from_f64(1e-10) }
    }

    fn rule<M: Math<Scalar = T>>(self, scaling: Scaling<T>) -> impl Fn(&mut [T], [&mut [T]; 2]) {
        move |w, [g, s]| {
            for ((w, g), s) in w.iter_mut().zip(g).zip(s) {
                let g = scaling.take(g);
                *s += g * g;
                *w -= self.rate * g / (M::sqrt(*s) + self.epsilon);
            }
        }
    }
}

impl<T: Scalar> Optimizer for Adagrad<T> {
    type Scalar = T;
    type Memory<G: Parameters<Scalar = T, Gradient = G> + Zero> = Accumulated<G, 1>;
    fn kept<G: Parameters<Scalar = T, Gradient = G> + Zero>(memory: &mut Accumulated<G, 1>) -> Option<Kept<'_, G>> {
        Some(memory.kept())
    }
    fn check(&self) -> Result<(), ConfigError> {
        positive(self.rate, ConfigError::LearningRate)?;
        positive(self.epsilon, ConfigError::Epsilon)
    }
    fn rate(&self) -> T {
        self.rate
    }
    fn with_rate(self, rate: T) -> Self {
        Self { rate, ..self }
    }
    fn reach(&self, gradient: T) -> T {
        over_epsilon(self.rate * gradient, self.epsilon)
    }
    fn stays_finite<M: Math<Scalar = T>, P: Parameters<Scalar = T>>(
        &self,
        weights: &mut P,
        memory: &mut Accumulated<P::Gradient, 1>,
        scaling: &Scaling<T>,
        range: Range<usize>,
    ) -> bool {
        let [s] = &mut memory.moments;
        stays_finite(weights, [&mut memory.gradient, s], range, self.rule::<M>(*scaling))
    }
    fn apply<M: Math<Scalar = T>, P: Parameters<Scalar = T>>(
        &self,
        weights: &mut P,
        memory: &mut Accumulated<P::Gradient, 1>,
        scaling: &Scaling<T>,
        range: Range<usize>,
    ) {
        let [s] = &mut memory.moments;
        walk_range(weights, [&mut memory.gradient, s], range, self.rule::<M>(*scaling));
    }
}
