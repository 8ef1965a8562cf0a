//! Phone keyboard that suggests words while one is typed.

use super::LanguageModel;
use elman::Token;
use elman::vocabulary::Vocabulary;

/// Numbers of keystrokes needed to type a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Strokes {
    /// Number of strokes with suggestions.
    pub with: usize,
    /// Number of strokes without suggestions: one for each letter and for the space after each word.
    pub without: usize,
}

impl Strokes {
    /// Adds the strokes of another text.
    pub fn add(&mut self, other: Self) {
        self.with += other.with;
        self.without += other.without;
    }

    /// Returns the share of strokes that suggestions save, from 0 to 1; NaN if there are no strokes.
    #[must_use]
    pub fn saved(&self) -> f64 {
        1.0 - self.with as f64 / self.without as f64
    }
}

/// Returns the `k` most probable words that begin with `typed`, without special tokens.
pub fn suggestions<'v, M: LanguageModel<N>, const N: usize, const BYTES: usize>(
    model: &M,
    vocabulary: &'v Vocabulary<N, BYTES>,
    state: &M::State,
    typed: &str,
    k: usize,
) -> Vec<&'v str> {
    let begins = |token: Token<N>| vocabulary.text(token).is_some_and(|word| word.starts_with(typed));
    let words = model.suggest(state, k, |token| token.index() > Vocabulary::<N, BYTES>::UNK.index() && begins(token));
    words.into_iter().filter_map(|(token, _)| vocabulary.text(token)).collect()
}

/// Counts the strokes needed to type `words` with `k` suggestions shown before each letter: one stroke picks
/// a suggestion and the space after it; otherwise the next letter is typed. Words that are not in the
/// vocabulary are typed in full and read as `<unk>`.
pub fn strokes<'t, M: LanguageModel<N>, const N: usize, const BYTES: usize>(
    model: &M,
    vocabulary: &Vocabulary<N, BYTES>,
    given: &[Token<N>],
    words: impl Iterator<Item = &'t str>,
    k: usize,
) -> Strokes {
    let mut state = model.after(given);
    let mut strokes = Strokes::default();
    for word in words {
        let shown = |typed: &&str| suggestions(model, vocabulary, &state, typed, k).contains(&word);
        let starts = word.char_indices().map(|(end, _)| &word[..end]);
        let letters = word.chars().count();
        // Letters are typed until the word is shown and picked, or to its end, followed by a space.
        let typed = starts.enumerate().find(|(_, typed)| shown(typed)).map_or(letters, |(letters, _)| letters);
        strokes.add(Strokes { with: typed + 1, without: letters + 1 });
        model.read(&mut state, vocabulary.token_or_unk(word));
    }
    strokes
}
