//! Conversion of words or characters to tokens, and of tokens to text.
//!
//! Four tokens come first in every vocabulary and need no stored text: `<pad>` 0, `<sos>` 1, `<eos>` 2, `<unk>` 3. A
//! vocabulary holds words or characters, depending on the methods that fill and use it: text is split at Unicode
//! whitespace, or into its `char`s. Nothing is lower-cased or normalised.

use crate::error::{EncodeError, SequenceError, UnknownWord, VocabularyError};
use crate::input::Token;
use crate::present::present;
use core::fmt;
use heapless::Vec;

mod sequence;

use self::sequence::chars;
pub use self::sequence::{Decoded, Encode, Marks, Padded, Unknown};

pub(crate) const SPECIALS: [&str; 4] = ["<pad>", "<sos>", "<eos>", "<unk>"];

const fn special<const N: usize>(index: usize) -> Token<N> {
    assert!(N > SPECIALS.len(), "a vocabulary holds <pad>, <sos>, <eos>, <unk> and at least one word");
    match Token::new(index) {
        Ok(token) => token,
        // Unreachable, because all indices are below 4.
        Err(_) => Token::FIRST,
    }
}

/// Vocabulary of up to `N` symbols, including the four special ones, with room for `BYTES` bytes of text. Takes
/// `BYTES + 2 N` bytes and a count.
///
/// A new vocabulary is all zero, so one in a `static` goes into `.bss`. Words get their tokens in the order of
/// insertion, so inserting the words in the order of [`iter`](Self::iter) rebuilds the vocabulary. A lookup compares
/// with one word after another, O(N); for tens of symbols this costs little compared with a step of the network.
///
/// ```
/// use elman::vocabulary::{Encode, Vocabulary};
///
/// let mut vocabulary = Vocabulary::<16, 64>::new();
/// vocabulary.insert_words("the tea is not bad")?;
/// let how = Encode { eos: true, ..Encode::PLAIN };
/// let tokens = vocabulary.encode_words::<8>("tea is bad", how)?;
/// assert_eq!(tokens.len(), 4);
/// assert_eq!(vocabulary.decode_words(&tokens).to_string(), "tea is bad <eos>");
/// assert_eq!(vocabulary.decode_words(&tokens).without_specials().to_string(), "tea is bad");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A vocabulary with no room for a word does not compile:
///
/// ```compile_fail
/// let vocabulary = elman::vocabulary::Vocabulary::<4, 64>::new();
/// ```
#[derive(Clone)]
pub struct Vocabulary<const N: usize, const BYTES: usize> {
    /// Texts of the words, one after another.
    text: [u8; BYTES],
    /// End of each text.
    ends: [u16; N],
    /// Number of words; bytes after the last text have no meaning.
    words: usize,
}

impl<const N: usize, const BYTES: usize> Vocabulary<N, BYTES> {
    /// Padding of a sequence to a common length.
    pub const PAD: Token<N> = special(0);
    /// Start of sequence.
    pub const SOS: Token<N> = special(1);
    /// End of sequence.
    pub const EOS: Token<N> = special(2);
    /// Placeholder for a word that is not in the vocabulary.
    pub const UNK: Token<N> = special(3);
    /// Tokens that mark the start and the end of a sequence.
    pub const MARKS: Marks<N> = Marks { sos: Self::SOS, eos: Self::EOS };

    /// Creates a vocabulary with only the four special symbols.
    #[must_use]
    pub const fn new() -> Self {
        const {
            assert!(N > SPECIALS.len(), "a vocabulary holds <pad>, <sos>, <eos>, <unk> and at least one word");
            assert!(BYTES <= u16::MAX as usize, "the texts of a vocabulary take at most 65,535 bytes");
        }
        Self { text: [0; BYTES], ends: [0; N], words: 0 }
    }

    /// Returns the number of symbols, including the four special ones.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "it is never empty")]
    pub const fn len(&self) -> usize {
        SPECIALS.len() + self.words
    }

    /// Returns all tokens in use with their texts, in the order of the tokens.
    pub fn iter(&self) -> impl Iterator<Item = (Token<N>, &str)> {
        Token::all().map_while(|token| Some((token, self.text(token)?)))
    }

    /// Returns the words without the special symbols, in the order of their tokens; the first word has token 4.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.iter().skip(SPECIALS.len()).map(|(_, text)| text)
    }

    /// Returns the text of a token, or `None` if the token has no word yet.
    #[must_use]
    pub fn text(&self, token: Token<N>) -> Option<&str> {
        str::from_utf8(self.bytes(token)?).ok()
    }

    /// Returns the token of a word, or of a special symbol such as `<eos>`.
    ///
    /// # Errors
    /// [`UnknownWord`] if the word is not in the vocabulary.
    pub fn token(&self, word: &str) -> Result<Token<N>, UnknownWord> {
        self.find(word).ok_or(UnknownWord { index: 0 })
    }

    /// Returns the token of a word, or `<unk>` if the word is not in the vocabulary.
    #[must_use]
    pub fn token_or_unk(&self, word: &str) -> Token<N> {
        self.find(word).unwrap_or(Self::UNK)
    }

    /// Adds a word if it is new, and returns its token.
    ///
    /// # Errors
    /// [`VocabularyError`] if the word is empty, or if it is new and there is no room for it.
    pub fn insert(&mut self, word: &str) -> Result<Token<N>, VocabularyError> {
        if word.is_empty() {
            return Err(VocabularyError::EmptyWord);
        }
        if let Some(token) = self.find(word) {
            return Ok(token);
        }
        let full = VocabularyError::Full { capacity: N };
        let token = Token::new(self.len()).map_err(|_| full)?;
        let start = self.start(self.words).ok_or(full)?;
        let end = start + word.len();
        let room = self.text.get_mut(start..end).ok_or(VocabularyError::TextFull { capacity: BYTES })?;
        room.copy_from_slice(word.as_bytes());
        if let Some(slot) = present(self.ends.get_mut(self.words)) {
            *slot = end as u16;
        }
        self.words += 1;
        Ok(token)
    }

    /// Adds all new words of a text or, on error, none.
    ///
    /// # Errors
    /// [`VocabularyError`] if there is no room for all of them.
    pub fn insert_words(&mut self, text: &str) -> Result<(), VocabularyError> {
        self.insert_all(text.split_whitespace())
    }

    /// Adds all new characters of a text, including whitespace, or, on error, none.
    ///
    /// # Errors
    /// [`VocabularyError`] if there is no room for all of them.
    pub fn insert_chars(&mut self, text: &str) -> Result<(), VocabularyError> {
        self.insert_all(chars(text))
    }

    /// Encodes the words of a text as up to `L` tokens, including those that `how` adds. Special symbols in the text,
    /// such as `<eos>`, become their tokens.
    ///
    /// # Errors
    /// [`EncodeError`] if there are more than `L` tokens, or a word is unknown and `how` forbids unknown words.
    pub fn encode_words<const L: usize>(&self, text: &str, how: Encode) -> Result<Vec<Token<N>, L>, EncodeError> {
        self.encode(text.split_whitespace(), how)
    }

    /// Encodes the characters of a text as up to `L` tokens, including those that `how` adds.
    ///
    /// # Errors
    /// [`EncodeError`] if there are more than `L` tokens, or a character is unknown and `how` forbids unknown
    /// characters.
    pub fn encode_chars<const L: usize>(&self, text: &str, how: Encode) -> Result<Vec<Token<N>, L>, EncodeError> {
        self.encode(chars(text), how)
    }

    /// Decodes tokens to their texts, separated by spaces. A token without a word becomes `<unk>`.
    #[must_use]
    pub fn decode_words<'a>(&'a self, tokens: &'a [Token<N>]) -> Decoded<'a, N, BYTES> {
        Decoded::new(self, tokens, " ")
    }

    /// Decodes tokens to their texts, without separators. A token without a character becomes `<unk>`.
    #[must_use]
    pub fn decode_chars<'a>(&'a self, tokens: &'a [Token<N>]) -> Decoded<'a, N, BYTES> {
        Decoded::new(self, tokens, "")
    }

    fn start(&self, word: usize) -> Option<usize> {
        match word.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().map(usize::from),
            None => Some(0),
        }
    }

    fn bytes(&self, token: Token<N>) -> Option<&[u8]> {
        let Some(word) = token.index().checked_sub(SPECIALS.len()) else {
            return SPECIALS.get(token.index()).map(|text| text.as_bytes());
        };
        if word >= self.words {
            return None;
        }
        present(self.text.get(present(self.start(word))?..present(self.start(word + 1))?))
    }

    fn find(&self, word: &str) -> Option<Token<N>> {
        Token::all().take(self.len()).find(|&token| self.bytes(token) == Some(word.as_bytes()))
    }

    fn insert_all<'a>(&mut self, pieces: impl Iterator<Item = &'a str>) -> Result<(), VocabularyError> {
        let before = self.words;
        for piece in pieces {
            if let Err(error) = self.insert(piece) {
                self.words = before;
                return Err(error);
            }
        }
        Ok(())
    }

    fn encode<'a, const L: usize>(
        &self,
        pieces: impl Iterator<Item = &'a str> + Clone,
        how: Encode,
    ) -> Result<Vec<Token<N>, L>, EncodeError> {
        let length = pieces.clone().count() + usize::from(how.sos) + usize::from(how.eos);
        let too_long = EncodeError::Sequence(SequenceError::TooLong { length, capacity: L });
        let pieces = pieces.enumerate().map(|(index, piece)| match how.unknown {
            Unknown::Error => self.find(piece).ok_or(EncodeError::Unknown(UnknownWord { index })),
            Unknown::Unk => Ok(self.token_or_unk(piece)),
        });
        let sos = how.sos.then_some(Ok(Self::SOS));
        let eos = how.eos.then_some(Ok(Self::EOS));
        let mut tokens = Vec::new();
        for token in sos.into_iter().chain(pieces).chain(eos) {
            tokens.push(token?).map_err(|_| too_long)?;
        }
        Ok(tokens)
    }
}

impl<const N: usize, const BYTES: usize> Default for Vocabulary<N, BYTES> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize, const BYTES: usize> PartialEq for Vocabulary<N, BYTES> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<const N: usize, const BYTES: usize> fmt::Debug for Vocabulary<N, BYTES> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(|(_, text)| text)).finish()
    }
}
