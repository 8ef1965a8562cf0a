//! Number type of a network, and the functions that the network calls.
//!
//! A [`Scalar`] is a number type: basic operations, and the [inner loops](crate::linalg), for which a processor may
//! have faster versions. A [`Math`] names a scalar type and supplies exp, ln, tanh, sigmoid and sqrt, so one type
//! parameter selects all the arithmetic of a network, and comparing backends is a one-word change.
//!
//! [`Libm`] and [`Fast`] compute in floats; [`Fixed`] computes in integers, for processors without a floating-point unit.

#[cfg(fpu)]
use crate::kernel;
use core::fmt::Debug;

mod fast;
mod fixed;
mod libm;
#[cfg(feature = "micromath")]
mod micromath;

pub use self::fast::Fast;
pub use self::fixed::Fixed;
pub use self::libm::Libm;
#[cfg(feature = "micromath")]
pub use self::micromath::Micromath;
pub use crate::linalg::Scalar;
pub(crate) use crate::linalg::{finite, larger};
pub use crate::zero::Zero;

impl Scalar for f32 {
    const WORD: &'static str = "f32";
    const ONE: f32 = 1.0;
    const MAX: f32 = f32::MAX;
    fn from_f32(value: f32) -> f32 {
        value
    }
    fn from_f64(value: f64) -> f32 {
        value as f32
    }
    fn to_f32(self) -> f32 {
        self
    }
    fn is_finite(self) -> bool {
        self.is_finite()
    }
    fn abs(self) -> f32 {
        self.abs()
    }
    /// Compares bits, since numbers without a sign have the same order as their bits, with NaN above all others.
    fn largest(x: &[f32]) -> f32 {
        f32::from_bits(x.iter().fold(0, |most, x| most.max(x.abs().to_bits())))
    }
    #[cfg(kernels)]
    fn add_rows(y: &mut [f32], rows: &[f32], stride: usize, x: &[f32]) {
        kernel::add_rows(y, rows, stride, x);
    }
    #[cfg(kernels)]
    fn add_products(y: &mut [f32], rows: &[f32], stride: usize, x: &[f32]) {
        kernel::add_products(y, rows, stride, x);
    }
    #[cfg(kernels)]
    fn add_scaled<'a>(row: &mut [f32], steps: impl Iterator<Item = (f32, &'a [f32])> + Clone) {
        kernel::add_scaled(row, steps);
    }
}

impl Scalar for f64 {
    const WORD: &'static str = "f64";
    const ONE: f64 = 1.0;
    const MAX: f64 = f64::MAX;
    fn from_f32(value: f32) -> f64 {
        value.into()
    }
    fn from_f64(value: f64) -> f64 {
        value
    }
    fn to_f32(self) -> f32 {
        self as f32
    }
    fn is_finite(self) -> bool {
        self.is_finite()
    }
    fn abs(self) -> f64 {
        self.abs()
    }
    /// Compares bits, since numbers without a sign have the same order as their bits, with NaN above all others.
    fn largest(x: &[f64]) -> f64 {
        f64::from_bits(x.iter().fold(0, |most, x| most.max(x.abs().to_bits())))
    }
}

/// Converts a count to the nearest value of `T`, which is exact if `T` can represent the count.
pub(crate) fn whole<T: Scalar>(count: impl Into<f64>) -> T {
    T::from_f64(count.into())
}

/// Returns √x, correctly rounded.
fn sqrt_f32(x: f32) -> f32 {
    #[cfg(fpu)]
    return kernel::sqrt(x);
    #[cfg(not(fpu))]
    return ::libm::sqrtf(x);
}

/// Mathematical functions that a network needs, for one number type.
///
/// Every implementation returns NaN for NaN and saturates instead of overflowing: `exp` is finite for every argument,
/// even +∞ (above its range it stays at its largest value), and 0 at −∞; `tanh` and `sigmoid` reach their limits and
/// stay there. [`Fixed`] has no NaN: where the comments say NaN or ∞, it gives a number that is not
/// [finite](Scalar::is_finite), except that tanh, sigmoid and exp have their limits there.
pub trait Math: 'static + Copy + Debug + Default + PartialEq {
    /// Number type.
    type Scalar: Scalar;
    /// Returns eˣ.
    fn exp(x: Self::Scalar) -> Self::Scalar;
    /// Returns the natural logarithm of x: −∞ for 0, NaN for negative numbers.
    fn ln(x: Self::Scalar) -> Self::Scalar;
    /// Returns the hyperbolic tangent of x, in \[−1, 1\].
    fn tanh(x: Self::Scalar) -> Self::Scalar;
    /// Returns the logistic function 1 / (1 + e⁻ˣ), in \[0, 1\].
    fn sigmoid(x: Self::Scalar) -> Self::Scalar;
    /// Returns √x: NaN for negative numbers.
    fn sqrt(x: Self::Scalar) -> Self::Scalar;
    /// Replaces each x by [`exp(x)`](Self::exp), with the same bits.
    fn exp_all(x: &mut [Self::Scalar]) {
        x.iter_mut().for_each(|x| *x = Self::exp(*x));
    }
    /// Replaces each x by [`tanh(x)`](Self::tanh), with the same bits.
    fn tanh_all(x: &mut [Self::Scalar]) {
        x.iter_mut().for_each(|x| *x = Self::tanh(*x));
    }
    /// Replaces each x by [`sigmoid(x)`](Self::sigmoid), with the same bits.
    fn sigmoid_all(x: &mut [Self::Scalar]) {
        x.iter_mut().for_each(|x| *x = Self::sigmoid(*x));
    }
}
