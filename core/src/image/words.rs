//! Bytes of a vocabulary: the number of words, then the length and text of each word.

use super::VOCABULARY;
use crate::error::{SectionError, VocabularyError, WordFault};
use crate::vocabulary::SPECIALS;
use zerocopy::FromBytes;
use zerocopy::little_endian::{U16, U32};

/// Maximum number of bytes of text in a [`Vocabulary`](crate::Vocabulary).
const TEXT: usize = u16::MAX as usize;

/// Checks that the data has the form that a vocabulary writes. Each word is compared with all words before it.
pub(super) fn check(data: &[u8]) -> Result<(), SectionError> {
    let (count, words) = count(data)?;
    let (mut rest, mut text) = (words, 0);
    for word in 0..count {
        let wrong = |fault| SectionError::Word { word, fault };
        let found = Words::first(&mut rest).ok_or(wrong(WordFault::CutOff))?;
        letters(found).map_err(wrong)?;
        if Words(words).take(word).any(|before| before == found) {
            return Err(wrong(WordFault::Twice));
        }
        text += found.len();
        if text > TEXT {
            return Err(SectionError::Vocabulary(VocabularyError::TextFull { capacity: TEXT }));
        }
    }
    if rest.is_empty() { Ok(()) } else { Err(SectionError::Trailing { tag: VOCABULARY, bytes: rest.len() }) }
}

/// Returns the texts of the words; the data must have been checked.
pub(super) fn texts(data: &[u8]) -> Result<impl Iterator<Item = &str>, SectionError> {
    let (count, words) = count(data)?;
    Ok(Words(words).take(count).filter_map(|word| str::from_utf8(word).ok()))
}

fn count(data: &[u8]) -> Result<(usize, &[u8]), SectionError> {
    let (count, words) = U32::ref_from_prefix(data).map_err(|_| SectionError::Malformed { tag: VOCABULARY })?;
    Ok((count.get() as usize, words))
}

fn letters(word: &[u8]) -> Result<(), WordFault> {
    let text = str::from_utf8(word).map_err(|_| WordFault::NotUtf8)?;
    match text {
        "" => Err(WordFault::Empty),
        _ if SPECIALS.contains(&text) => Err(WordFault::Special),
        _ => Ok(()),
    }
}

/// Iterator over words stored with their lengths, up to the first word that is cut off.
struct Words<'a>(&'a [u8]);

impl<'a> Words<'a> {
    fn first(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
        let (length, rest) = U16::ref_from_prefix(bytes).ok()?;
        let (word, rest) = rest.split_at_checked(length.get().into())?;
        *bytes = rest;
        Some(word)
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a [u8];
    fn next(&mut self) -> Option<&'a [u8]> {
        Self::first(&mut self.0)
    }
}
