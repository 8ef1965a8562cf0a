use super::read;
use crate::cell::Cell;
use crate::dense::Readout;
use crate::error::SequenceError;
use crate::input::Token;
use crate::network::Network;
use crate::rng::Random;
use crate::sample::Sampler;

/// Generation: a seed is read, then each sampled token is fed back.
impl<C, R, const V: usize> Network<C, R>
where
    C: Cell<Token<V>>,
    R: Readout<C::Output, Scalar = C::Scalar, Output = [C::Scalar; V]>,
{
    /// The tokens that follow `seed`, sampled one by one from the caller's generator; at most `limit`, and none after
    /// `stop`.
    ///
    /// # Errors
    /// [`SequenceError::Empty`] for an empty seed: begin with `<sos>`.
    pub fn generate<'n, G: Random>(
        &'n self,
        seed: &[Token<V>],
        sampler: Sampler<C::Scalar>,
        rng: G,
        (limit, stop): (usize, Option<Token<V>>),
    ) -> Result<Generator<'n, C, R, G, V>, SequenceError> {
        let state = read(&self.cell, seed)?;
        Ok(Generator { network: self, state, sampler, rng, left: limit, stop })
    }
}

/// Tokens as they are sampled. The token `stop` is the last one; it is not part of the sequence and not returned.
#[derive(Debug)]
pub struct Generator<'n, C: Cell<Token<V>>, R, G, const V: usize> {
    network: &'n Network<C, R>,
    state: C::State,
    sampler: Sampler<C::Scalar>,
    rng: G,
    left: usize,
    stop: Option<Token<V>>,
}

impl<C, R, G: Random, const V: usize> Iterator for Generator<'_, C, R, G, V>
where
    C: Cell<Token<V>>,
    R: Readout<C::Output, Scalar = C::Scalar, Output = [C::Scalar; V]>,
{
    type Item = Token<V>;

    fn next(&mut self) -> Option<Token<V>> {
        self.left = self.left.checked_sub(1)?;
        let logits = self.network.outputs(&self.state);
        let token = self.sampler.sample::<C::Math, V>(&logits, &mut self.rng);
        if Some(token) == self.stop {
            self.left = 0;
            return None;
        }
        self.network.cell.step(&mut self.state, &token);
        Some(token)
    }
}
