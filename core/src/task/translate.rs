use super::{Generator, read_step};
use crate::cell::Side;
use crate::dense::Readout;
use crate::error::SequenceError;
use crate::input::Token;
use crate::math::Zero;
use crate::network::Network;
use crate::part::{Number, Step};
use crate::rng::Random;
use crate::sample::Sampler;
use crate::vocabulary::Marks;

/// Translation: the encoder reads a source sequence, then the decoder writes a target sequence of any length.
impl<C, R> Network<C, R> {
    /// Translates `source`: after `<sos>`, the target is drawn token by token, up to `limit` tokens or until `<eos>`,
    /// which is not returned. The cell must be an [`EncoderDecoder`](crate::EncoderDecoder). For a caption, the
    /// source is one vector.
    ///
    /// ```
    /// use elman::{Dense, EncoderDecoder, Gru, Network, Sampler, Token, Vocabulary, Xoshiro128, Zero};
    /// type Words = Vocabulary<7, 64>;
    /// let network = Network::<EncoderDecoder<Gru<2, 8>, Gru<7, 8>>, Dense<8, 7>>::ZERO;
    /// let mut rng = Xoshiro128::from_seed(7);
    /// let sampler = Sampler::temperature(0.8)?;
    /// for token in network.translate(&[[0.1, 0.2], [0.3, 0.4]], Words::MARKS, sampler, &mut rng, 20)? {
    ///     assert_ne!(token?, Words::EOS);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// For the probability of a given target, call [`evaluate`](Self::evaluate) with
    /// [`CrossEntropy`](crate::CrossEntropy) on the pair arranged by [`TeacherForced`](crate::task::TeacherForced): the
    /// loss is −ln P(target | source).
    ///
    /// # Errors
    /// [`SequenceError`] if the source is empty or has an element that is not finite.
    pub fn translate<X: Copy, G: Random, const V: usize>(
        &self,
        source: &[X],
        marks: Marks<V>,
        sampler: Sampler<Number<C>>,
        rng: G,
        limit: usize,
    ) -> Result<Generator<'_, C, R, G, Side<X, Token<V>>, V>, SequenceError>
    where
        C: Step<Side<X, Token<V>>>,
        R: Readout<C::Output, Output = [Number<C>; V]>,
    {
        if source.is_empty() {
            return Err(SequenceError::Empty);
        }
        let mut state = C::State::ZERO;
        for (step, x) in source.iter().map(|&x| Side::Source(x)).chain([Side::Target(marks.sos)]).enumerate() {
            read_step(&self.cell, &mut state, (step, &x))?;
        }
        Ok(Generator::new(self, (state, source.len()), (sampler, rng), limit, Some(marks.eos)))
    }
}
