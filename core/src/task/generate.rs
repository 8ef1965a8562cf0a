use super::{answer, read};
use crate::dense::Readout;
use crate::error::SequenceError;
use crate::input::Token;
use crate::network::Network;
use crate::part::{Number, Step};
use crate::rng::Random;
use crate::sample::Sampler;
use core::iter::FusedIterator;
use core::marker::PhantomData;

/// Generation: the network reads a seed, then each token that is drawn from its outputs.
impl<C, R> Network<C, R> {
    /// Generates the tokens that follow `seed`, drawn one by one with the generator `rng`. Ends after `limit` tokens,
    /// or before the token `stop`, which is usually `<eos>`. The same seed, sampler and generator give the same tokens.
    /// The cell must read tokens, or a type into which a token can be converted.
    ///
    /// ```
    /// use elman::{Dense, Elman, Network, Sampler, Token, Xoshiro128, Zero};
    /// let network = Network::<Elman<5, 8>, Dense<8, 5>>::ZERO;
    /// let [sos, eos] = [Token::new(1)?, Token::new(2)?];
    /// let mut rng = Xoshiro128::from_seed(7);
    /// for token in network.generate(&[sos], Sampler::temperature(0.8)?, &mut rng, 20, Some(eos))? {
    ///     assert_ne!(token?, eos);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`SequenceError::Empty`] if the seed is empty: begin with `<sos>`. [`SequenceError::NonFiniteInput`] if the seed
    /// has values instead of tokens and one is not finite.
    pub fn generate<X: From<Token<V>>, G: Random, const V: usize>(
        &self,
        seed: &[X],
        sampler: Sampler<Number<C>>,
        rng: G,
        limit: usize,
        stop: Option<Token<V>>,
    ) -> Result<Generator<'_, C, R, G, X, V>, SequenceError>
    where
        C: Step<X>,
        R: Readout<C::Output, Output = [Number<C>; V]>,
    {
        let state = read(&self.cell, seed)?;
        Ok(Generator::new(self, (state, seed.len() - 1), (sampler, rng), limit, stop))
    }
}

/// Iterator that draws tokens until its limit or the token `stop`, which it does not return.
///
/// If outputs are not finite, no token can be drawn: the iterator returns [`SequenceError::NonFiniteOutput`] and ends.
/// The error counts steps from the start of the seed or, in a translation, of the source.
#[derive(Debug)]
#[must_use = "tokens are drawn only when they are requested"]
pub struct Generator<'n, C: Step<X>, R, G, X, const V: usize> {
    network: &'n Network<C, R>,
    state: C::State,
    sampler: Sampler<Number<C>>,
    rng: G,
    left: usize,
    stop: Option<Token<V>>,
    step: usize,
    reads: PhantomData<fn(Token<V>) -> X>,
}

impl<'n, C: Step<X>, R, G, X, const V: usize> Generator<'n, C, R, G, X, V> {
    /// Creates an iterator that continues from `state`, the state after `step`.
    pub(super) fn new(
        network: &'n Network<C, R>,
        (state, step): (C::State, usize),
        (sampler, rng): (Sampler<Number<C>>, G),
        left: usize,
        stop: Option<Token<V>>,
    ) -> Self {
        Self { network, state, sampler, rng, left, stop, step, reads: PhantomData }
    }
}

impl<C, R, G: Random, X: From<Token<V>>, const V: usize> Iterator for Generator<'_, C, R, G, X, V>
where
    C: Step<X>,
    R: Readout<C::Output, Output = [Number<C>; V]>,
{
    type Item = Result<Token<V>, SequenceError>;

    fn next(&mut self) -> Option<Self::Item> {
        let left = core::mem::take(&mut self.left).checked_sub(1)?;
        let logits = match answer(self.network, C::output(&self.state), self.step) {
            Ok(logits) => logits,
            Err(error) => return Some(Err(error)),
        };
        let token = self.sampler.sample::<C::Math, V>(&logits, &mut self.rng);
        if Some(token) == self.stop {
            return None;
        }
        self.network.cell.step(&mut self.state, &token.into());
        self.step += 1;
        self.left = left;
        Some(Ok(token))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.left))
    }
}

impl<C, R, G: Random, X: From<Token<V>>, const V: usize> FusedIterator for Generator<'_, C, R, G, X, V>
where
    C: Step<X>,
    R: Readout<C::Output, Output = [Number<C>; V]>,
{
}
