//! Pairs of sequences: an encoder–decoder learns to turn the first into the second, and is scored on it.

use crate::trials::{Failure, Share};
use elman::task::TeacherForced;
use elman::vocabulary::Marks;
use elman::{Dense, Layer, Network, Sampler, Side, Step, Token, Xoshiro128};

/// A sequence and the sequence it should become.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair<X, const V: usize> {
    /// Input sequence.
    pub source: Vec<X>,
    /// Sequence to write, without `<sos>` and `<eos>`.
    pub target: Vec<Token<V>>,
}

impl<X: Copy, const V: usize> Pair<X, V> {
    /// Lays the pair out for teacher forcing, in up to `T` steps with `S` targets.
    ///
    /// # Errors
    /// A [`Failure`] for a pair that is longer, or an empty source.
    pub fn taught<const T: usize, const S: usize>(
        &self,
        marks: Marks<V>,
    ) -> Result<TeacherForced<X, V, T, S>, Failure> {
        Ok(TeacherForced::new(&self.source, &self.target, marks)?)
    }
}

/// Score of a network's outputs for sources, compared with the targets.
#[derive(Clone, Copy, Debug, Default)]
pub struct Score {
    /// Tokens of the targets, `<eos>` included, that were written in the right place.
    pub tokens: Share,
    /// Targets that were written without an error.
    pub whole: Share,
}

impl Score {
    /// Lets the network write what the source becomes, always the most probable token, with nothing of the target before
    /// its eyes.
    ///
    /// # Errors
    /// A [`Failure`] for a source or a network that cannot be used.
    pub fn add<C, X: Copy, const H: usize, const V: usize>(
        &mut self,
        network: &Network<C, Dense<H, V>>,
        marks: Marks<V>,
        Pair { source, target }: &Pair<X, V>,
    ) -> Result<(), Failure>
    where
        C: Layer<Side<X, Token<V>>, Scalar = f32, Output = [f32; H]> + Step<Side<X, Token<V>>>,
    {
        let ended = |tokens: &[Token<V>]| [tokens, &[marks.eos]].concat();
        let limit = target.len() + 1;
        // A greedy choice draws nothing.
        let rng = Xoshiro128::from_seed(0);
        let written = network.translate(source, marks, Sampler::GREEDY, rng, limit)?.collect::<Result<Vec<_>, _>>()?;
        let (written, target) = (ended(&written), ended(target));
        for (place, token) in target.iter().enumerate() {
            self.tokens.add(written.get(place) == Some(token));
        }
        self.whole.add(written == target);
        Ok(())
    }
}
