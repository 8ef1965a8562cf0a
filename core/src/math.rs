//! The number type of a network and the functions it calls on it.
//!
//! A [`Scalar`] is a number: plain operations and the inner loops that a processor may do better than a plain loop.
//! A [`Math`] names its scalar and supplies exp, ln, tanh, sigmoid and sqrt, so one type parameter carries all the
//! arithmetic of a network, and comparing backends is a one-word change.

#[cfg(fpu)]
use crate::kernel;
use crate::linalg::portable;
use core::cmp::Ordering;
use core::fmt::Debug;
use core::ops::Neg;
use num_traits::{NumAssignOps, NumOps};

mod fast;
mod libm;
#[cfg(feature = "micromath")]
mod micromath;

pub use self::fast::Fast;
pub use self::libm::Libm;
#[cfg(feature = "micromath")]
pub use self::micromath::Micromath;

/// A value with an all-zero constant: what a workspace is made of, so that a `static` one lands in `.bss`.
pub trait Zero {
    /// The value with every number in it zero.
    const ZERO: Self;
}

impl<Z: Zero, const N: usize> Zero for [Z; N] {
    const ZERO: Self = [Z::ZERO; N];
}

impl<A: Zero, B: Zero> Zero for (A, B) {
    const ZERO: Self = (A::ZERO, B::ZERO);
}

impl Zero for () {
    const ZERO: Self = ();
}

impl Zero for u32 {
    const ZERO: Self = 0;
}

/// The largest absolute value in something made of numbers; NaN where any of them is NaN.
///
/// One number tells whether an input, a state or a gradient is finite and how large it can make a sum.
pub trait Magnitude {
    /// The number type.
    type Scalar: Scalar;
    /// max |x| over all numbers of `self`; NaN if one is NaN; zero if there is none.
    fn magnitude(&self) -> Self::Scalar;
}

/// The larger of two magnitudes, keeping a NaN of either.
pub(crate) fn larger<T: Scalar>(a: T, b: T) -> T {
    match a.partial_cmp(&b) {
        Some(Ordering::Less) => b,
        Some(_) => a,
        // NaN plus anything is NaN.
        None => a + b,
    }
}

impl<T: Scalar, const N: usize> Magnitude for [T; N] {
    type Scalar = T;
    fn magnitude(&self) -> T {
        T::largest(self)
    }
}

impl<T: Scalar, const H: usize> Magnitude for [[T; H]; 2] {
    type Scalar = T;
    fn magnitude(&self) -> T {
        let [a, b] = self;
        larger(a.magnitude(), b.magnitude())
    }
}

impl<A: Magnitude, B: Magnitude<Scalar = A::Scalar>> Magnitude for (A, B) {
    type Scalar = A::Scalar;
    fn magnitude(&self) -> A::Scalar {
        larger(self.0.magnitude(), self.1.magnitude())
    }
}

/// A number type: operations of `num_traits`, constants, and the inner loops.
///
/// Not `num_traits::Float`: fixed point cannot be one, and its functions go to the host's C library as soon as `std` is
/// anywhere in the graph, which would make host and device disagree.
pub trait Scalar:
    'static + Copy + Debug + Default + PartialOrd + NumOps + NumAssignOps + Neg<Output = Self> + Zero
{
    /// One.
    const ONE: Self;
    /// The largest finite number.
    const MAX: Self;
    /// The nearest value of this type.
    fn from_f32(value: f32) -> Self;
    /// The nearest value of this type: for constants such as 10⁻⁶ that `f32` cannot hold well.
    fn from_f64(value: f64) -> Self;
    /// The nearest `f32`, for reports.
    fn to_f32(self) -> f32;
    /// Neither NaN nor infinite.
    fn is_finite(self) -> bool;
    /// |self|; NaN stays NaN.
    fn abs(self) -> Self {
        if self < Self::ZERO { -self } else { self }
    }
    /// The largest |x|; NaN if one is NaN, zero if there is none.
    fn largest(x: &[Self]) -> Self {
        x.iter().fold(Self::ZERO, |most, x| larger(most, x.abs()))
    }
    /// [`linalg::add_rows_strided`](crate::linalg::add_rows_strided); another loop must give the same bits.
    fn add_rows(y: &mut [Self], rows: &[Self], stride: usize, x: &[Self]) {
        portable::add_rows(y, rows, stride, x);
    }
    /// [`linalg::add_products_strided`](crate::linalg::add_products_strided); another loop must give the same bits.
    fn add_products(y: &mut [Self], rows: &[Self], stride: usize, x: &[Self]) {
        portable::add_products(y, rows, stride, x);
    }
    /// [`linalg::add_scaled`](crate::linalg::add_scaled); another loop must give the same bits.
    fn add_scaled<'a>(row: &mut [Self], steps: impl Iterator<Item = (Self, &'a [Self])> + Clone) {
        portable::add_scaled(row, steps);
    }
}

impl Zero for f32 {
    const ZERO: f32 = 0.0;
}

impl Scalar for f32 {
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
    /// Numbers without a sign are in the order of their bits, NaN above all.
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

impl Zero for f64 {
    const ZERO: f64 = 0.0;
}

impl Scalar for f64 {
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
    /// Numbers without a sign are in the order of their bits, NaN above all.
    fn largest(x: &[f64]) -> f64 {
        f64::from_bits(x.iter().fold(0, |most, x| most.max(x.abs().to_bits())))
    }
}

/// A count as a number: exact where the type holds it, else the nearest.
pub(crate) fn whole<T: Scalar>(count: impl Into<f64>) -> T {
    T::from_f64(count.into())
}

/// √x, correctly rounded.
fn sqrt_f32(x: f32) -> f32 {
    #[cfg(fpu)]
    return kernel::sqrt(x);
    #[cfg(not(fpu))]
    return ::libm::sqrtf(x);
}

/// The functions a network calls, for one number type.
///
/// Every implementation keeps NaN as NaN and saturates instead of overflowing: `exp` is finite for every number, +∞
/// included (above its range it stays at its largest value), and 0 at −∞; `tanh` and `sigmoid` reach their limits and stay
/// there.
pub trait Math: 'static + Copy + Debug + Default + PartialEq {
    /// The number type.
    type Scalar: Scalar;
    /// eˣ.
    fn exp(x: Self::Scalar) -> Self::Scalar;
    /// The natural logarithm; −∞ at 0, NaN below.
    fn ln(x: Self::Scalar) -> Self::Scalar;
    /// The hyperbolic tangent, in \[−1, 1\].
    fn tanh(x: Self::Scalar) -> Self::Scalar;
    /// The logistic function 1 / (1 + e⁻ˣ), in \[0, 1\].
    fn sigmoid(x: Self::Scalar) -> Self::Scalar;
    /// The square root; NaN below 0.
    fn sqrt(x: Self::Scalar) -> Self::Scalar;
    /// [`exp`](Self::exp) of each number, with the same bits.
    fn exp_all(x: &mut [Self::Scalar]) {
        x.iter_mut().for_each(|x| *x = Self::exp(*x));
    }
    /// [`tanh`](Self::tanh) of each number, with the same bits.
    fn tanh_all(x: &mut [Self::Scalar]) {
        x.iter_mut().for_each(|x| *x = Self::tanh(*x));
    }
    /// [`sigmoid`](Self::sigmoid) of each number, with the same bits.
    fn sigmoid_all(x: &mut [Self::Scalar]) {
        x.iter_mut().for_each(|x| *x = Self::sigmoid(*x));
    }
}
