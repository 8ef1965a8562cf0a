//! Traits for the cells and compositions of layers in the proofs, and random inputs and states for them.

use crate::stored::Stored;
use crate::{Noise, Numbers};
use elman::input::Input;
use elman::{Dense, Layer, Network, Parameters, Part, Side, Token, Zero};
use zerocopy::FromBytes;

/// Input type whose values can be drawn at random.
pub trait Drawn: Numbers + Clone {
    /// Draws an input.
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

/// Draws a sequence of the given length.
pub fn sequence<X: Drawn>(noise: &mut Noise, length: usize) -> Vec<X> {
    (0..length).map(|_| X::drawn(noise)).collect()
}

/// Layer or composition of layers, in f64, that reads `X` and has `H` outputs.
pub trait Composed<X, const H: usize>:
    Trained<
        X,
        Scalar = f64,
        State: Stored<Scalar = f64> + Numbers,
        Output: Input<f64, H, Gradient = <Self as Part>::Output> + Numbers,
        InputGradient: Numbers,
    > + FromBytes
{
}

impl<C, X, const H: usize> Composed<X, H> for C where
    C: Trained<
            X,
            Scalar = f64,
            State: Stored<Scalar = f64> + Numbers,
            Output: Input<f64, H, Gradient = <C as Part>::Output> + Numbers,
            InputGradient: Numbers,
        > + FromBytes
{
}

/// Layer of any number type whose gradient has the layer's own type.
pub trait Trained<X>: Layer<X> + Parameters<Gradient = Self> + Clone + Zero {}
impl<C: Layer<X> + Parameters<Gradient = Self> + Clone + Zero, X> Trained<X> for C {}

/// Cell with a read-out of four values.
pub type Net<C, const H: usize> = Network<C, Dense<H, 4, f64>>;

/// Returns a state of random numbers.
pub fn noisy<S: Stored<Scalar = f64> + Zero>(noise: &mut Noise) -> S {
    let mut state = S::ZERO;
    state.parts().into_iter().flat_map(|(_, numbers)| numbers).for_each(|x| *x = noise.uniform());
    state
}
