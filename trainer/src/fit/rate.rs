use elman::math::Scalar;
use elman::optim::{Adagrad, AdamW, InPlaceSgd, Momentum, Optimizer, RmsProp};
use elman::{Adam, Sgd};
use std::fmt::Debug;

/// Optimizer whose learning rate a [`Schedule`](super::Schedule) can set. A checkpoint recognises it by its [`Debug`] form.
pub trait Rate: Optimizer + Debug {
    /// Returns the same rule with another learning rate.
    #[must_use]
    fn with_rate(self, rate: Self::Scalar) -> Self;
}

impl<T: Scalar> Rate for Sgd<T> {
    fn with_rate(self, rate: T) -> Self {
        Self { rate }
    }
}

impl<T: Scalar> Rate for InPlaceSgd<T> {
    fn with_rate(self, rate: T) -> Self {
        Self { rate }
    }
}

impl<T: Scalar> Rate for Momentum<T> {
    fn with_rate(self, rate: T) -> Self {
        Self { rate, ..self }
    }
}

impl<T: Scalar> Rate for Adagrad<T> {
    fn with_rate(self, rate: T) -> Self {
        Self { rate, ..self }
    }
}

impl<T: Scalar> Rate for RmsProp<T> {
    fn with_rate(self, rate: T) -> Self {
        Self { rate, ..self }
    }
}

impl<T: Scalar> Rate for Adam<T> {
    fn with_rate(self, rate: T) -> Self {
        Self { rate, ..self }
    }
}

impl<T: Scalar> Rate for AdamW<T> {
    fn with_rate(self, rate: T) -> Self {
        Self { adam: self.adam.with_rate(rate), ..self }
    }
}
