use crate::int8;
use crate::math::{Math, Scalar, Zero};
use core::fmt::Debug;
use zerocopy::{FromBytes, Immutable, KnownLayout};

/// Activation function g, with the derivative as a function of the output.
pub trait Activation: 'static + Copy + Debug + Default + PartialEq {
    /// Its word in the description of a network.
    const WORD: &'static str;
    /// Returns g(a).
    fn apply<M: Math>(a: M::Scalar) -> M::Scalar;
    /// Replaces each element a by g(a), with the same bits as [`apply`](Self::apply).
    fn apply_all<M: Math>(a: &mut [M::Scalar]) {
        a.iter_mut().for_each(|a| *a = Self::apply::<M>(*a));
    }
    /// Returns g′(a), given y = g(a).
    fn derivative<T: Scalar>(y: T) -> T;
    /// `true` if |g| ≤ 1, so that a state in [integers](crate::int8) needs no calibration.
    const BOUNDED: bool;
    /// Returns g(a) in integers, a with 13 fraction bits: with 15 of them if g is [`BOUNDED`](Self::BOUNDED), otherwise in units
    /// of four of a, saturated.
    fn integer(a: i32) -> i16;
}

/// Hyperbolic tangent.
#[derive(Clone, Copy, Debug, Default, PartialEq, FromBytes, KnownLayout, Immutable)]
pub struct Tanh;

impl Activation for Tanh {
    const WORD: &'static str = "tanh";
    fn apply<M: Math>(a: M::Scalar) -> M::Scalar {
        M::tanh(a)
    }
    fn apply_all<M: Math>(a: &mut [M::Scalar]) {
        M::tanh_all(a);
    }
    fn derivative<T: Scalar>(y: T) -> T {
        T::ONE - y * y
    }
    const BOUNDED: bool = true;
    fn integer(a: i32) -> i16 {
        int8::tanh(a)
    }
}

/// Rectified linear unit, max(a, 0); NaN stays NaN.
#[derive(Clone, Copy, Debug, Default, PartialEq, FromBytes, KnownLayout, Immutable)]
pub struct Relu;

impl Activation for Relu {
    const WORD: &'static str = "relu";
    fn apply<M: Math>(a: M::Scalar) -> M::Scalar {
        if a < M::Scalar::ZERO { M::Scalar::ZERO } else { a }
    }
    fn derivative<T: Scalar>(y: T) -> T {
        if y > T::ZERO { T::ONE } else { T::ZERO }
    }
    const BOUNDED: bool = false;
    fn integer(a: i32) -> i16 {
        int8::quarter(a.max(0))
    }
}

/// Logistic function σ(a) = 1 / (1 + e⁻ᵃ), the activation of the gates.
#[derive(Clone, Copy, Debug, Default, PartialEq, FromBytes, KnownLayout, Immutable)]
pub struct Sigmoid;

impl Activation for Sigmoid {
    const WORD: &'static str = "sigmoid";
    fn apply<M: Math>(a: M::Scalar) -> M::Scalar {
        M::sigmoid(a)
    }
    fn apply_all<M: Math>(a: &mut [M::Scalar]) {
        M::sigmoid_all(a);
    }
    fn derivative<T: Scalar>(y: T) -> T {
        y * (T::ONE - y)
    }
    const BOUNDED: bool = true;
    fn integer(a: i32) -> i16 {
        int8::sigmoid(a)
    }
}
