use crate::data::{DataError, DataSet, Problem, Sequence, Target};
use elman::vocabulary::{Encode, Unknown};
use elman::{Token, Vocabulary};
use std::cmp::Reverse;
use std::collections::HashMap;

impl DataSet<&str> {
    /// Returns a vocabulary of at most `most` pieces that occur at least `least` times, the most frequent first and
    /// equally frequent ones in alphabetical order. The four special tokens come first and are not counted.
    ///
    /// Build it from the training part alone: pieces found only in other parts would be unknown on a device too.
    ///
    /// # Errors
    /// [`Problem::Vocabulary`] if the pieces do not fit.
    pub fn vocabulary<const N: usize, const BYTES: usize>(
        &self,
        least: usize,
        most: usize,
    ) -> Result<Vocabulary<N, BYTES>, DataError> {
        let mut counts = HashMap::<&str, usize>::new();
        self.series.iter().flat_map(|series| series.steps).for_each(|piece| *counts.entry(piece).or_default() += 1);
        let mut pieces: Vec<_> = counts.into_iter().filter(|&(_, count)| count >= least).collect();
        pieces.sort_by_key(|&(piece, count)| (Reverse(count), piece));
        let mut vocabulary = Vocabulary::new();
        for (piece, _) in pieces.into_iter().take(most) {
            vocabulary.insert(piece).map_err(|error| DataError::whole(Problem::Vocabulary(error)))?;
        }
        Ok(vocabulary)
    }

    /// Returns the sequences as tokens with labels of type `Y`; `how` sets the tokens around a sequence and the
    /// handling of unknown pieces.
    ///
    /// # Errors
    /// [`DataError`] if a piece is unknown and `how` forbids that, or a label does not fit type `Y`.
    pub fn tokens<const N: usize, const BYTES: usize, Y: Target>(
        &self,
        vocabulary: &Vocabulary<N, BYTES>,
        how: Encode,
    ) -> Result<Vec<Sequence<Token<N>, Y>>, DataError> {
        // Looking up a word in the vocabulary itself is a linear search.
        let known: HashMap<&str, Token<N>> = vocabulary.iter().map(|(token, text)| (text, token)).collect();
        let token = |piece: &&str| match (known.get(piece), how.unknown) {
            (Some(&token), _) => Ok(token),
            (None, Unknown::Unk) => Ok(Vocabulary::<N, BYTES>::UNK),
            (None, Unknown::Error) => Err(Problem::UnknownPiece { found: (*piece).to_string() }),
        };
        let sos = how.sos.then_some(Ok(Vocabulary::<N, BYTES>::SOS));
        let eos = how.eos.then_some(Ok(Vocabulary::<N, BYTES>::EOS));
        self.typed(|series| sos.clone().into_iter().chain(series.steps.iter().map(token)).chain(eos.clone()).collect())
    }
}

/// Cuts a stream into consecutive windows of `length` inputs, each with its targets, the tokens one step later.
/// Only the last window may be shorter. The state at the end of a window is the initial state of the next.
///
/// # Panics
/// If `length` is 0.
pub fn windows<X>(stream: &[X], length: usize) -> impl Iterator<Item = (&[X], &[X])> {
    let inputs = stream.split_last().map_or(&[][..], |(_, inputs)| inputs);
    let targets = stream.get(1..).unwrap_or_default();
    inputs.chunks(length).zip(targets.chunks(length))
}
