use super::{Accumulated, Kept, Optimizer, decay, over_epsilon, positive, stays_finite};
use crate::clip::Scaling;
use crate::error::ConfigError;
use crate::math::{Math, Scalar, Zero};
use crate::parameters::{Parameters, walk_range};
use core::ops::Range;

/// Adam: m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²;
/// w ← w − rate / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + epsilon), in update t = 1, 2, ...
///
/// Kingma, Ba, "Adam: a method for stochastic optimization", ICLR (2015).
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Adam<T = f32> {
    /// Learning rate, above 0.
    pub rate: T,
    /// Decay of the mean gradient, in \[0, 1).
    pub beta1: T,
    /// Decay of the mean of squares, in \[0, 1).
    pub beta2: T,
    /// Keeps the denominator above 0; customarily 10⁻⁸.
    pub epsilon: T,
}

impl<T: Scalar> Adam<T> {
    /// Creates the rule with the paper's β₁ = 0.9, β₂ = 0.999 and epsilon = 10⁻⁸.
    pub fn new(rate: T) -> Self {
        Self { rate, beta1: T::from_f64(0.9), beta2: T::from_f64(0.999), epsilon: T::from_f64(1e-8) }
    }

    /// Returns the rule for the update after `updates` earlier ones; it first multiplies the weights by `keep`.
    fn rule<M: Math<Scalar = T>>(
        self,
        (updates, keep): (u32, T),
        scaling: Scaling<T>,
    ) -> impl Fn(&mut [T], [&mut [T]; 3]) {
        let t = updates.saturating_add(1);
        let rate = self.rate / complement(self.beta1, t);
        let root = M::sqrt(complement(self.beta2, t));
        let (fresh1, fresh2) = (T::ONE - self.beta1, T::ONE - self.beta2);
        move |w, [g, m, v]| {
            for (((w, g), m), v) in w.iter_mut().zip(g).zip(m).zip(v) {
                let g = scaling.take(g);
                *m = self.beta1 * *m + fresh1 * g;
                *v = self.beta2 * *v + fresh2 * g * g;
                *w = *w * keep - rate * *m / (M::sqrt(*v) / root + self.epsilon);
            }
        }
    }
}

impl<T: Scalar> Optimizer for Adam<T> {
    type Scalar = T;
    type Memory<G: Parameters<Scalar = T, Gradient = G> + Zero> = Accumulated<G, 2>;
    fn kept<G: Parameters<Scalar = T, Gradient = G> + Zero>(memory: &mut Accumulated<G, 2>) -> Option<Kept<'_, G>> {
        Some(memory.kept())
    }
    fn check(&self) -> Result<(), ConfigError> {
        positive(self.rate, ConfigError::LearningRate)?;
        decay(self.beta1)?;
        decay(self.beta2)?;
        positive(self.epsilon, ConfigError::Epsilon)
    }
    fn rate(&self) -> T {
        self.rate
    }
    fn with_rate(self, rate: T) -> Self {
        Self { rate, ..self }
    }
    fn reach(&self, gradient: T) -> T {
        over_epsilon(self.rate / (T::ONE - self.beta1) * gradient, self.epsilon)
    }
    fn stays_finite<M: Math<Scalar = T>, P: Parameters<Scalar = T>>(
        &self,
        weights: &mut P,
        memory: &mut Accumulated<P::Gradient, 2>,
        scaling: &Scaling<T>,
        range: Range<usize>,
    ) -> bool {
        let rule = self.rule::<M>((memory.updates, T::ONE), *scaling);
        let [m, v] = &mut memory.moments;
        stays_finite(weights, [&mut memory.gradient, m, v], range, rule)
    }
    fn apply<M: Math<Scalar = T>, P: Parameters<Scalar = T>>(
        &self,
        weights: &mut P,
        memory: &mut Accumulated<P::Gradient, 2>,
        scaling: &Scaling<T>,
        range: Range<usize>,
    ) {
        let rule = self.rule::<M>((memory.updates, T::ONE), *scaling);
        let [m, v] = &mut memory.moments;
        walk_range(weights, [&mut memory.gradient, m, v], range, rule);
    }
}

/// AdamW: [`Adam`] after w ← w · (1 − rate · weight_decay), on every weight and bias.
///
/// Loshchilov, Hutter, "Decoupled weight decay regularization", ICLR (2019).
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AdamW<T = f32> {
    /// Rule that updates the decayed weights.
    pub adam: Adam<T>,
    /// Decay of the weights, at least 0.
    pub weight_decay: T,
}

impl<T: Scalar> AdamW<T> {
    /// Creates the rule with PyTorch's weight decay, 0.01, and [`Adam::new`].
    pub fn new(rate: T) -> Self {
        Self { adam: Adam::new(rate), weight_decay: T::from_f64(0.01) }
    }

    /// Returns the factor by which each update multiplies the weights.
    fn keep(&self) -> T {
        T::ONE - self.adam.rate * self.weight_decay
    }
}

impl<T: Scalar> Optimizer for AdamW<T> {
    type Scalar = T;
    type Memory<G: Parameters<Scalar = T, Gradient = G> + Zero> = Accumulated<G, 2>;
    fn kept<G: Parameters<Scalar = T, Gradient = G> + Zero>(memory: &mut Accumulated<G, 2>) -> Option<Kept<'_, G>> {
        Some(memory.kept())
    }
    fn check(&self) -> Result<(), ConfigError> {
        self.adam.check()?;
        let usable = self.weight_decay.is_finite() && self.weight_decay >= T::ZERO;
        if usable { Ok(()) } else { Err(ConfigError::WeightDecay) }
    }
    fn rate(&self) -> T {
        self.adam.rate
    }
    fn with_rate(self, rate: T) -> Self {
        Self { adam: self.adam.with_rate(rate), ..self }
    }
    /// Returns `T::MAX`, which stands for no bound, if the decay makes weights grow.
    fn reach(&self, gradient: T) -> T {
        if self.keep().abs() > T::ONE { T::MAX } else { self.adam.reach(gradient) }
    }
    fn stays_finite<M: Math<Scalar = T>, P: Parameters<Scalar = T>>(
        &self,
        weights: &mut P,
        memory: &mut Accumulated<P::Gradient, 2>,
        scaling: &Scaling<T>,
        range: Range<usize>,
    ) -> bool {
        let rule = self.adam.rule::<M>((memory.updates, self.keep()), *scaling);
        let [m, v] = &mut memory.moments;
        stays_finite(weights, [&mut memory.gradient, m, v], range, rule)
    }
    fn apply<M: Math<Scalar = T>, P: Parameters<Scalar = T>>(
        &self,
        weights: &mut P,
        memory: &mut Accumulated<P::Gradient, 2>,
        scaling: &Scaling<T>,
        range: Range<usize>,
    ) {
        let rule = self.adam.rule::<M>((memory.updates, self.keep()), *scaling);
        let [m, v] = &mut memory.moments;
        walk_range(weights, [&mut memory.gradient, m, v], range, rule);
    }
}

/// Computes 1 − xⁿ by doubling, with the same bits everywhere: with c(n) = 1 − xⁿ, c(a + b) = c(a) + c(b) · (1 −
/// c(a)). Subtracting xⁿ from 1 would leave only four digits in f32 for the first updates with β₂ = 0.999.
fn complement<T: Scalar>(x: T, mut n: u32) -> T {
    let (mut total, mut part) = (T::ZERO, T::ONE - x);
    while n > 0 {
        if n & 1 == 1 {
            total += part * (T::ONE - total);
        }
        part += part * (T::ONE - part);
        n >>= 1;
    }
    total
}
