//! Cells and compositions of layers, as the proofs need them, and windows drawn for them.

use crate::stored::Stored;
use crate::{Noise, Numbers};
use elman::{Cell, Dense, Input, Layer, Network, Parameters, Recurrent, Sequential, Side, Token, Zero};
use zerocopy::FromBytes;

/// An input that can be drawn.
pub trait Drawn: Numbers + Clone {
    /// One of them.
    fn drawn(noise: &mut Noise) -> Self;
}

impl<const I: usize> Drawn for [f64; I] {
    fn drawn(noise: &mut Noise) -> Self {
        noise.vector()
    }
}

impl<const V: usize> Drawn for Token<V> {
    fn drawn(noise: &mut Noise) -> Self {
        noise.class()
    }
}

/// Draws a side, then an input of that side.
impl<X: Drawn, Y: Drawn> Drawn for Side<X, Y> {
    fn drawn(noise: &mut Noise) -> Self {
        if noise.bits().is_multiple_of(2) { Self::Source(X::drawn(noise)) } else { Self::Target(Y::drawn(noise)) }
    }
}

/// A sequence of them.
pub fn sequence<X: Drawn>(noise: &mut Noise, length: usize) -> Vec<X> {
    (0..length).map(|_| X::drawn(noise)).collect()
}

/// A layer or a composition of layers, in f64, that reads `X` and has `H` outputs.
pub trait Composed<X, const H: usize>:
    Sequential<Scalar = f64, State: Stored<Scalar = f64> + Numbers, Output: Features<H>>
    + Layer<X, InputGradient: Numbers>
    + Parameters<Gradient = Self>
    + Clone
    + Zero
    + FromBytes
{
}

impl<C, X, const H: usize> Composed<X, H> for C where
    C: Sequential<Scalar = f64, State: Stored<Scalar = f64> + Numbers, Output: Features<H>>
        + Layer<X, InputGradient: Numbers>
        + Parameters<Gradient = Self>
        + Clone
        + Zero
        + FromBytes
{
}

/// Inputs of a read-out of `H` inputs.
pub trait Features<const H: usize>: Input<f64, H, Gradient = Self> + Numbers + Copy + Zero {}
impl<Y: Input<f64, H, Gradient = Y> + Numbers + Copy + Zero, const H: usize> Features<H> for Y {}

/// A cell of `H` units on `I` inputs, in f64.
pub trait Proven<const I: usize, const H: usize>:
    Recurrent<Scalar = f64, State: Stored<Scalar = f64> + Numbers, Output = [f64; H]>
    + Cell<[f64; I], InputGradient = [f64; I]>
    + Parameters<Gradient = Self>
    + Clone
    + Zero
    + FromBytes
{
}

impl<C, const I: usize, const H: usize> Proven<I, H> for C where
    C: Recurrent<Scalar = f64, State: Stored<Scalar = f64> + Numbers, Output = [f64; H]>
        + Cell<[f64; I], InputGradient = [f64; I]>
        + Parameters<Gradient = Self>
        + Clone
        + Zero
        + FromBytes
{
}

/// A cell with a read-out of four values.
pub type Net<C, const H: usize> = Network<C, Dense<H, 4, f64>>;

/// A state of random numbers.
pub fn noisy<S: Stored<Scalar = f64> + Zero>(noise: &mut Noise) -> S {
    let mut state = S::ZERO;
    state.parts().into_iter().flat_map(|(_, numbers)| numbers).for_each(|x| *x = noise.uniform());
    state
}
