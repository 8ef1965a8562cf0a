use super::{Math, Scalar};
use core::marker::PhantomData;

/// The `libm` crate: portable, the same bits on every processor, within about one unit in the last place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Libm<T = f32>(PhantomData<T>);

impl Math for Libm<f32> {
    type Scalar = f32;
    fn exp(x: f32) -> f32 {
        libm::expf(x)
    }
    fn ln(x: f32) -> f32 {
        libm::logf(x)
    }
    fn tanh(x: f32) -> f32 {
        libm::tanhf(x)
    }
    fn sigmoid(x: f32) -> f32 {
        f32::ONE / (f32::ONE + libm::expf(-x))
    }
    fn sqrt(x: f32) -> f32 {
        libm::sqrtf(x)
    }
}

impl Math for Libm<f64> {
    type Scalar = f64;
    fn exp(x: f64) -> f64 {
        libm::exp(x)
    }
    fn ln(x: f64) -> f64 {
        libm::log(x)
    }
    fn tanh(x: f64) -> f64 {
        libm::tanh(x)
    }
    fn sigmoid(x: f64) -> f64 {
        f64::ONE / (f64::ONE + libm::exp(-x))
    }
    fn sqrt(x: f64) -> f64 {
        libm::sqrt(x)
    }
}
