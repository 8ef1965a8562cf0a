//! Choice of a token from logits.

use crate::error::SamplerError;
use crate::input::Token;
use crate::math::{Math, Scalar};
use crate::rng::Random;

/// Returns the token with the largest logit, the first one in a tie. NaN never wins; if all are NaN, it is the
/// first token.
pub fn greedy<T: Scalar, const V: usize>(logits: &[T; V]) -> Token<V> {
    largest(logits, |_, _| true).map_or(Token::default(), |(token, _)| token)
}

/// Sampling of tokens from the `k` largest logits, with probabilities ∝ exp(logit / temperature).
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
    /// Always takes the token with the largest logit, see [`greedy`].
    pub const GREEDY: Self = Self { k: 1, temperature: T::ONE };

    /// Samples from all tokens: a temperature below 1 favours the likely tokens, above 1 it levels the probabilities.
    ///
    /// # Errors
    /// [`SamplerError::Temperature`] unless the temperature is finite and above 0.
    pub fn temperature(temperature: T) -> Result<Self, SamplerError> {
        Self::top_k(usize::MAX, temperature)
    }

    /// Samples from the `k` tokens with the largest logits, the first ones in a tie; from all if there are no more
    /// than `k`.
    ///
    /// # Errors
    /// [`SamplerError::NoToken`] for `k` = 0; [`SamplerError::Temperature`] unless the temperature is finite and above 0.
    pub fn top_k(k: usize, temperature: T) -> Result<Self, SamplerError> {
        if k == 0 {
            Err(SamplerError::NoToken)
        } else if temperature.is_finite() && temperature > T::ZERO {
            Ok(Self { k, temperature })
        } else {
            Err(SamplerError::Temperature)
        }
    }

    /// Draws a token.
    ///
    /// Costs V exponentials and divisions, V·k comparisons if k < V, and a copy of the logits on the stack. It draws
    /// 24 random bits once, so a token with a probability below 2⁻²⁴ may never come up. A NaN logit has probability
    /// zero; if no logit is finite, or one is +∞, the choice is the same as [`greedy`]'s.
    pub fn sample<M: Math<Scalar = T>, const V: usize>(&self, logits: &[T; V], rng: &mut impl Random) -> Token<V> {
        // NaN alone: as `greedy`.
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
        // The best where rounding leaves no sum above the mark.
        draw(&weights, rng).unwrap_or(best)
    }

    /// Returns the last token, in falling order, that may be drawn; `None` if all may.
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

/// Returns `true` if the logit `a` comes before `b` in falling order; equal logits keep the order of their
/// tokens.
fn before<T: Scalar, const V: usize>(a: (Token<V>, T), b: (Token<V>, T)) -> bool {
    a.1 > b.1 || a.1 == b.1 && a.0 < b.0
}

/// Returns the largest logit that `may` be taken and is not NaN, the first one in a tie.
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

/// Draws a token with probability ∝ its weight; returns `None` if no sum of weights lies above the mark.
fn draw<T: Scalar, const V: usize>(weights: &[T; V], rng: &mut impl Random) -> Option<Token<V>> {
    let total = weights.iter().fold(T::ZERO, |sum, &w| sum + w);
    let mark = rng.uniform(T::ZERO, total);
    let mut sum = T::ZERO;
    // A weight of zero does not move the sum, so its token is never the first above the mark.
    let (token, _) = Token::all().zip(weights).find(|&(_, &weight)| {
        sum += weight;
        mark < sum
    })?;
    Some(token)
}
