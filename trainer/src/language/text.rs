//! Conversion of text to tokens, from pieces cut by [`data::text`](crate::data::text) or any other pieces.

use elman::Token;
use elman::vocabulary::Vocabulary;
use std::collections::HashMap;

/// Returns a vocabulary of as many of the most frequent pieces as fit; equally frequent ones are in order of
/// appearance, and all others become `<unk>`. The names of special tokens do not count as pieces.
pub fn vocabulary<'t, const N: usize, const BYTES: usize>(
    pieces: impl Iterator<Item = &'t str>,
) -> Vocabulary<N, BYTES> {
    let mut counts: HashMap<&str, (usize, usize)> = HashMap::new();
    for (place, piece) in pieces.enumerate() {
        counts.entry(piece).or_insert((0, place)).0 += 1;
    }
    let mut pieces: Vec<_> = counts.into_iter().collect();
    pieces.sort_by_key(|&(_, (count, place))| (usize::MAX - count, place));
    let mut vocabulary = Vocabulary::new();
    for (piece, _) in pieces {
        // If a piece does not fit, a shorter one may.
        let _ = vocabulary.insert(piece);
    }
    vocabulary
}

/// Converts pieces to tokens, with `<unk>` for pieces that are not in the vocabulary.
pub fn tokens<'t, const N: usize, const BYTES: usize>(
    vocabulary: &Vocabulary<N, BYTES>,
    pieces: impl Iterator<Item = &'t str>,
) -> Vec<Token<N>> {
    let known: HashMap<_, _> = vocabulary.iter().map(|(token, text)| (text, token)).collect();
    pieces.map(|piece| known.get(piece).copied().unwrap_or(Vocabulary::<N, BYTES>::UNK)).collect()
}

/// Splits a text by position: nine tenths for training, a twentieth for validation, and the rest for testing.
#[must_use]
pub fn split<T>(text: &[T]) -> [&[T]; 3] {
    let (learned, rest) = text.split_at(text.len() * 9 / 10);
    let (valid, test) = rest.split_at((text.len() * 95 / 100).saturating_sub(learned.len()));
    [learned, valid, test]
}
