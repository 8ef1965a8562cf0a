use crate::math::{Math, Scalar, Zero};
use core::fmt::Debug;
use zerocopy::{FromBytes, Immutable, KnownLayout};

/// A non-linearity, with its derivative written in terms of its output.
pub trait Activation: 'static + Copy + Debug + Default + PartialEq {
    /// Its word in the description of a network.
    const WORD: &'static str;
    /// Returns g(a).
    fn apply<M: Math>(a: M::Scalar) -> M::Scalar;
    /// Applies g to each element, with the same bits.
    fn apply_all<M: Math>(a: &mut [M::Scalar]) {
        a.iter_mut().for_each(|a| *a = Self::apply::<M>(*a));
    }
    /// Returns g′(a), given y = g(a).
    fn derivative<T: Scalar>(y: T) -> T;
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
}

/// max(a, 0); NaN stays NaN.
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
}

/// σ(a) = 1 / (1 + e⁻ᵃ), the function that opens and closes a gate.
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
}
