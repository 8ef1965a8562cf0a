//! Sequences of tokens: encoding from text, decoding to text, and padding to a fixed length.

use super::{Vocabulary, special};
use crate::error::SequenceError;
use crate::input::Token;
use crate::present::part;
use core::fmt;

/// Splits a text into slices of one `char` each.
pub(super) fn chars(text: &str) -> impl Iterator<Item = &str> + Clone {
    text.char_indices().filter_map(|(at, c)| text.get(at..at + c.len_utf8()))
}

/// Tokens that mark the start and the end of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Marks<const N: usize> {
    /// Start of sequence, read before the first token.
    pub sos: Token<N>,
    /// End of sequence, which follows the last token.
    pub eos: Token<N>,
}

/// Options for encoding: tokens to add, and the treatment of unknown words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Encode {
    /// `true` to begin with `<sos>`.
    pub sos: bool,
    /// `true` to end with `<eos>`.
    pub eos: bool,
    /// Treatment of unknown words.
    pub unknown: Unknown,
}

impl Encode {
    /// Options that add no tokens and make an unknown word an error.
    pub const PLAIN: Self = Self { sos: false, eos: false, unknown: Unknown::Error };
}

/// Treatment of unknown words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Unknown {
    /// An unknown word is an error, which states the index of the word.
    #[default]
    Error,
    /// An unknown word becomes `<unk>`.
    Unk,
}

/// Tokens that can be displayed as text, returned by `decode_words` and `decode_chars`. All tokens are displayed,
/// even those after `<eos>`.
#[derive(Clone, Copy, Debug)]
pub struct Decoded<'a, const N: usize, const BYTES: usize> {
    vocabulary: &'a Vocabulary<N, BYTES>,
    tokens: &'a [Token<N>],
    between: &'static str,
    specials: bool,
}

impl<'a, const N: usize, const BYTES: usize> Decoded<'a, N, BYTES> {
    pub(super) const fn new(
        vocabulary: &'a Vocabulary<N, BYTES>,
        tokens: &'a [Token<N>],
        between: &'static str,
    ) -> Self {
        Self { vocabulary, tokens, between, specials: true }
    }

    /// Leaves out `<pad>`, `<sos>` and `<eos>`, but not `<unk>`, because it stands for a word.
    #[must_use]
    pub fn without_specials(self) -> Self {
        Self { specials: false, ..self }
    }
}

impl<const N: usize, const BYTES: usize> fmt::Display for Decoded<'_, N, BYTES> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut between = "";
        for &token in self.tokens.iter().filter(|token| self.specials || token.index() >= 3) {
            f.write_str(between)?;
            // A token without a word has no text.
            f.write_str(self.vocabulary.text(token).unwrap_or("<unk>"))?;
            between = self.between;
        }
        Ok(())
    }
}

/// Sequence padded with `<pad>` to `L` tokens, together with its length before padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Padded<const N: usize, const L: usize> {
    tokens: [Token<N>; L],
    length: usize,
}

impl<const N: usize, const L: usize> Padded<N, L> {
    /// Creates a copy of a sequence, padded to `L` tokens.
    ///
    /// # Errors
    /// [`SequenceError::TooLong`] if the sequence has more than `L` tokens.
    pub fn new(sequence: &[Token<N>]) -> Result<Self, SequenceError> {
        let mut tokens = [const { special(0) }; L];
        let length = sequence.len();
        let part = tokens.get_mut(..length).ok_or(SequenceError::TooLong { length, capacity: L })?;
        part.copy_from_slice(sequence);
        Ok(Self { tokens, length })
    }

    /// Returns all `L` tokens, including the padding.
    #[must_use]
    pub const fn tokens(&self) -> &[Token<N>; L] {
        &self.tokens
    }

    /// Returns the sequence without the padding.
    #[must_use]
    pub fn as_slice(&self) -> &[Token<N>] {
        part(&self.tokens, ..self.length)
    }
}
