//! A text as tokens.

use elman::vocabulary::Vocabulary;
use elman::{Sampler, Token, Xoshiro128};
use std::collections::HashMap;

use super::LanguageModel;

/// The characters of a text, a piece each.
pub fn characters(text: &str) -> impl Iterator<Item = &str> + Clone {
    text.char_indices().map(|(at, character)| &text[at..at + character.len_utf8()])
}

/// A vocabulary of the most frequent pieces, of equally frequent ones the first of the text, as many as it has room for:
/// the others become `<unk>`. The names of special tokens are not taken for pieces.
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
        // Room may be left for a shorter one.
        let _ = vocabulary.insert(piece);
    }
    vocabulary
}

/// The tokens of pieces, `<unk>` for those that the vocabulary does not have.
pub fn tokens<'t, const N: usize, const BYTES: usize>(
    vocabulary: &Vocabulary<N, BYTES>,
    pieces: impl Iterator<Item = &'t str>,
) -> Vec<Token<N>> {
    let known: HashMap<_, _> = vocabulary.iter().map(|(token, text)| (text, token)).collect();
    pieces.map(|piece| known.get(piece).copied().unwrap_or(Vocabulary::<N, BYTES>::UNK)).collect()
}

/// A text by position: nine tenths to learn from, then a twentieth to choose by, and the rest to judge by.
#[must_use]
pub fn split<T>(text: &[T]) -> [&[T]; 3] {
    let (learned, rest) = text.split_at(text.len() * 9 / 10);
    let (valid, test) = rest.split_at((text.len() * 95 / 100).saturating_sub(learned.len()));
    [learned, valid, test]
}

/// What a model writes after `given`: `length` tokens, drawn with `seed`.
pub fn sample<M: LanguageModel<N>, const N: usize, const BYTES: usize>(
    model: &M,
    vocabulary: &Vocabulary<N, BYTES>,
    given: &[Token<N>],
    (length, seed): (usize, u64),
) -> Result<String, elman::SamplerError> {
    let drawn = model.generate_after(model.after(given), Sampler::temperature(1.0)?, Xoshiro128::from_seed(seed));
    Ok(vocabulary.decode_chars(&drawn.take(length).collect::<Vec<_>>()).to_string())
}
