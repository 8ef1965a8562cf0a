//! Sampling of tokens from logits.

use crate::error::SamplerError;
use crate::input::Token;
use crate::math::{Math, Scalar};
use crate::rng::Random;

/// Returns the token with the largest logit (the first of equals). NaN is never the largest; if all logits are NaN,
/// returns the first token.
pub fn greedy<T: Scalar, const V: usize>(logits: &[T; V]) -> Token<V> {
    largest(logits, |_, _| true).map_or(Token::default(), |(token, _)| token)
}

/// Sampler of tokens from the `k` largest logits, with probabilities ∝ exp(logit / temperature).
///
/// ```
/// use elman::{Libm, Sampler, Xoshiro128};
/// let sampler = Sampler::top_k(2, 0.8)?;
/// let token = sampler.sample::<Libm<f32>, 3>(&[1.0, -3.0, 2.0], &mut Xoshiro128::from_seed(1));
/// assert_ne!(token.index(), 1);
/// # Ok::<(), elman::error::SamplerError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Sampler<T> {
    k: usize,
    temperature: T,
}

impl<T: Scalar> Sampler<T> {
    /// Sampler that always takes the token with the largest logit; see [`greedy`].
    pub const GREEDY: Self = Self { k: 1, temperature: T::ONE };

    /// Creates a sampler of all tokens. A temperature below 1 favours probable tokens; above 1 it makes the
    /// probabilities more equal.
    ///
    /// # Errors
    /// [`SamplerError::Temperature`] unless the temperature is finite and above 0.
    pub fn temperature(temperature: T) -> Result<Self, SamplerError> {
        Self::top_k(usize::MAX, temperature)
    }

    /// Creates a sampler of the `k` tokens with the largest logits (the first of equals), or of all if there are no
    /// more than `k`.
    ///
    /// # Errors
    /// [`SamplerError::NoToken`] if `k` is 0; [`SamplerError::Temperature`] unless the temperature is finite and
    /// above 0.
    pub fn top_k(k: usize, temperature: T) -> Result<Self, SamplerError> {
        if k == 0 {
            Err(SamplerError::NoToken)
        } else if temperature.is_finite() && temperature > T::ZERO {
            Ok(Self { k, temperature })
        } else {
            Err(SamplerError::Temperature)
        }
    }

    /// Draws a token with the generator `rng`.
    ///
    /// Costs V exponentials and divisions, V·k comparisons if k < V, and a copy of the logits on the stack. A draw uses
    /// 24 random bits, so a token with a probability below 2⁻²⁴ may never be drawn. A token with a NaN logit has
    /// probability zero; if no logit is finite, or one is +∞, the choice is that of [`greedy`].
    pub fn sample<M: Math<Scalar = T>, const V: usize>(&self, logits: &[T; V], rng: &mut impl Random) -> Token<V> {
        // All logits are NaN: same choice as `greedy`.
        let Some((best, most)) = largest(logits, |_, _| true) else { return Token::default() };
        if self.k == 1 || !most.is_finite() {
            return best;
        }
        let last = self.last(logits);
        let mut weights = *logits;
        for (token, weight) in Token::all().zip(&mut weights) {
            let chosen = is_number(*weight) && last.is_none_or(|last| !before(last, (token, *weight)));
            *weight = if chosen { M::exp((*weight - most) / self.temperature) } else { T::ZERO };
        }
        // The best token, if rounding leaves no sum above the mark.
        draw(&weights, rng).unwrap_or(best)
    }

    /// Returns the last token, in descending order of logits, that may be drawn, or `None` if all tokens may be
    /// drawn.
    fn last<const V: usize>(&self, logits: &[T; V]) -> Option<(Token<V>, T)> {
        let mut last = None;
        if self.k < V {
            for _ in 0..self.k {
                last = largest(logits, |token, x| last.is_none_or(|last| before(last, (token, x)))).or(last);
            }
        }
        last
    }
}

fn is_number<T: Scalar>(x: T) -> bool {
    x.partial_cmp(&x).is_some()
}

/// Returns `true` if `a` comes before `b` in descending order of logits; equal logits are ordered by token.
fn before<T: Scalar, const V: usize>(a: (Token<V>, T), b: (Token<V>, T)) -> bool {
    a.1 > b.1 || a.1 == b.1 && a.0 < b.0
}

/// Returns the largest logit (the first of equals) that is not NaN and for which `may` returns `true`.
fn largest<T: Scalar, const V: usize>(
    logits: &[T; V],
    mut may: impl FnMut(Token<V>, T) -> bool,
) -> Option<(Token<V>, T)> {
    let mut best: Option<(Token<V>, T)> = None;
    for (token, &x) in Token::all().zip(logits) {
        if is_number(x) && best.is_none_or(|(_, most)| x > most) && may(token, x) {
            best = Some((token, x));
        }
    }
    best
}

/// Draws a token with probability ∝ its weight. Returns `None` if, owing to rounding, the random number is not
/// below the sum of all weights.
fn draw<T: Scalar, const V: usize>(weights: &[T; V], rng: &mut impl Random) -> Option<Token<V>> {
    let total = weights.iter().fold(T::ZERO, |sum, &w| sum + w);
    let mark = rng.uniform(T::ZERO, total);
    let mut sum = T::ZERO;
    // A weight of zero does not change the sum, so its token is never the first with a sum above the mark.
    let (token, _) = Token::all().zip(weights).find(|&(_, &weight)| {
        sum += weight;
        mark < sum
    })?;
    Some(token)
}
