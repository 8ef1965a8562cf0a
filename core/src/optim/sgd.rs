use super::{Accumulated, Kept, Optimizer, positive, stays_finite};
use crate::clip::Scaling;
use crate::error::ConfigError;
use crate::math::{Math, Scalar, Zero};
use crate::parameters::{Parameters, walk_range};
use core::ops::Range;

/// Stochastic gradient descent: w ← w − rate · g. Keeps a gradient, so that it can be clipped and accumulated.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Sgd<T = f32> {
    /// Learning rate, above 0.
    pub rate: T,
}

impl<T: Scalar> Sgd<T> {
    fn rule(self, scaling: Scaling<T>) -> impl Fn(&mut [T], [&mut [T]; 1]) {
        move |w, [g]| {
            for (w, g) in w.iter_mut().zip(g) {
                *w -= self.rate * scaling.take(g);
            }
        }
    }
}

impl<T: Scalar> Optimizer for Sgd<T> {
    type Scalar = T;
    type Memory<G: Parameters<Scalar = T, Gradient = G> + Zero> = Accumulated<G, 0>;
    fn kept<G: Parameters<Scalar = T, Gradient = G> + Zero>(memory: &mut Accumulated<G, 0>) -> Option<Kept<'_, G>> {
        Some(memory.kept())
    }
    fn check(&self) -> Result<(), ConfigError> {
        positive(self.rate, ConfigError::LearningRate)
    }
    fn rate(&self) -> T {
        self.rate
    }
    fn with_rate(self, rate: T) -> Self {
        Self { rate }
    }
    fn reach(&self, gradient: T) -> T {
        self.rate * gradient
    }
    fn stays_finite<M: Math<Scalar = T>, P: Parameters<Scalar = T>>(
        &self,
        weights: &mut P,
        memory: &mut Accumulated<P::Gradient, 0>,
        scaling: &Scaling<T>,
        range: Range<usize>,
    ) -> bool {
        stays_finite(weights, [&mut memory.gradient], range, self.rule(*scaling))
    }
    fn apply<M: Math<Scalar = T>, P: Parameters<Scalar = T>>(
        &self,
        weights: &mut P,
        memory: &mut Accumulated<P::Gradient, 0>,
        scaling: &Scaling<T>,
        range: Range<usize>,
    ) {
        walk_range(weights, [&mut memory.gradient], range, self.rule(*scaling));
    }
}

/// Gradient descent with momentum: v ← momentum · v + g; w ← w − rate · v.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Momentum<T = f32> {
    /// Learning rate, above 0.
    pub rate: T,
    /// Momentum, in \[0, 1).
    pub momentum: T,
}

impl<T: Scalar> Momentum<T> {
    fn rule(self, scaling: Scaling<T>) -> impl Fn(&mut [T], [&mut [T]; 2]) {
        move |w, [g, v]| {
            for ((w, g), v) in w.iter_mut().zip(g).zip(v) {
                *v = self.momentum * *v + scaling.take(g);
                *w -= self.rate * *v;
            }
        }
    }
}

impl<T: Scalar> Optimizer for Momentum<T> {
    type Scalar = T;
    type Memory<G: Parameters<Scalar = T, Gradient = G> + Zero> = Accumulated<G, 1>;
    fn kept<G: Parameters<Scalar = T, Gradient = G> + Zero>(memory: &mut Accumulated<G, 1>) -> Option<Kept<'_, G>> {
        Some(memory.kept())
    }
    fn check(&self) -> Result<(), ConfigError> {
        positive(self.rate, ConfigError::LearningRate)?;
        super::decay(self.momentum)
    }
    fn rate(&self) -> T {
        self.rate
    }
    fn with_rate(self, rate: T) -> Self {
        Self { rate, ..self }
    }
    fn reach(&self, gradient: T) -> T {
        self.rate * (gradient / (T::ONE - self.momentum))
    }
    fn stays_finite<M: Math<Scalar = T>, P: Parameters<Scalar = T>>(
        &self,
        weights: &mut P,
        memory: &mut Accumulated<P::Gradient, 1>,
        scaling: &Scaling<T>,
        range: Range<usize>,
    ) -> bool {
        let [v] = &mut memory.moments;
        stays_finite(weights, [&mut memory.gradient, v], range, self.rule(*scaling))
    }
    fn apply<M: Math<Scalar = T>, P: Parameters<Scalar = T>>(
        &self,
        weights: &mut P,
        memory: &mut Accumulated<P::Gradient, 1>,
        scaling: &Scaling<T>,
        range: Range<usize>,
    ) {
        let [v] = &mut memory.moments;
        walk_range(weights, [&mut memory.gradient, v], range, self.rule(*scaling));
    }
}

/// Gradient descent directly on the weights: w ← w − rate · g, without memory for a gradient.
///
/// It learns from one sequence at a time and cannot clip.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct InPlaceSgd<T = f32> {
    /// Learning rate, above 0.
    pub rate: T,
}

impl<T: Scalar> Optimizer for InPlaceSgd<T> {
    type Scalar = T;
    type Memory<G: Parameters<Scalar = T, Gradient = G> + Zero> = ();
    const KEEPS_GRADIENT: bool = false;
    fn kept<G: Parameters<Scalar = T, Gradient = G> + Zero>((): &mut ()) -> Option<Kept<'_, G>> {
        None
    }
    fn check(&self) -> Result<(), ConfigError> {
        positive(self.rate, ConfigError::LearningRate)
    }
    fn rate(&self) -> T {
        self.rate
    }
    fn with_rate(self, rate: T) -> Self {
        Self { rate }
    }
    /// Returns zero, since [`apply`](Self::apply) moves nothing. The trainer bounds each change before it is made.
    fn reach(&self, _: T) -> T {
        T::ZERO
    }
    fn stays_finite<M: Math<Scalar = T>, P: Parameters<Scalar = T>>(
        &self,
        _: &mut P,
        (): &mut (),
        _: &Scaling<T>,
        _: Range<usize>,
    ) -> bool {
        true
    }
    /// Does nothing: the weights changed while the gradient was computed.
    fn apply<M: Math<Scalar = T>, P: Parameters<Scalar = T>>(
        &self,
        _: &mut P,
        (): &mut (),
        _: &Scaling<T>,
        _: Range<usize>,
    ) {
    }
}
