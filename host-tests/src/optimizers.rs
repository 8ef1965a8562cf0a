//! Properties checked for every optimizer.

use elman::math::Scalar;
use elman::optim::{Adagrad, AdamW, InPlaceSgd, Momentum, Optimizer, RmsProp};
use elman::{Adam, Sgd};

/// Learning rate used by default.
const RATE: f64 = 0.05;

/// Property of an optimizer.
pub trait Holds<T: Scalar> {
    /// Panics, naming the optimizer, unless the property holds.
    fn assert<O: Optimizer<Scalar = T>>(&self, name: &str, optimizer: O);
}

/// Asserts the property for every optimizer, in place or not.
pub fn every_optimizer<T: Scalar>(property: &impl Holds<T>) {
    every_optimizer_at(RATE, property);
}

/// Asserts the property for every optimizer, with this learning rate.
pub fn every_optimizer_at<T: Scalar>(rate: f64, property: &impl Holds<T>) {
    property.assert("InPlaceSgd", InPlaceSgd { rate: T::from_f64(rate) });
    accumulating(T::from_f64(rate), property);
}

/// Asserts the property for every optimizer that keeps a gradient.
pub fn every_accumulating_optimizer<T: Scalar>(property: &impl Holds<T>) {
    accumulating(T::from_f64(RATE), property);
}

fn accumulating<T: Scalar>(rate: T, property: &impl Holds<T>) {
    property.assert("Sgd", Sgd { rate });
    property.assert("Momentum", Momentum { rate, momentum: T::from_f64(0.9) });
    property.assert("Adagrad", Adagrad::new(rate));
    property.assert("RmsProp", RmsProp::new(rate));
    property.assert("Adam", Adam::new(rate));
    property.assert("AdamW", AdamW::new(rate));
}
