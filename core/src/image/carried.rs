use super::{Architecture, Image, NORMALIZER, Section, Tag, VOCABULARY, check, words};
use crate::error::SectionError;
use crate::math::Scalar;
use crate::normalize::Normalizer;
use crate::vocabulary::Vocabulary;
use zerocopy::little_endian::{U16, U32};
use zerocopy::{FromBytes, IntoBytes};

/// Stores all means, then all scales, in the network's number type.
impl<const C: usize, T: Scalar> Section<T> for Normalizer<C, T> {
    fn tag(&self) -> Tag {
        NORMALIZER
    }
    fn write(&self, sink: &mut dyn FnMut(&[u8])) {
        sink(self.mean.as_bytes());
        sink(self.scale.as_bytes());
    }
    fn check(&self) -> Result<(), SectionError> {
        check::channels::<T>(self.mean.as_bytes(), self.scale.as_bytes())
    }
}

/// Stores the number of words, then the length and text of each word, without the special words.
impl<T, const N: usize, const BYTES: usize> Section<T> for Vocabulary<N, BYTES> {
    fn tag(&self) -> Tag {
        VOCABULARY
    }
    fn write(&self, sink: &mut dyn FnMut(&[u8])) {
        let words = || self.words();
        sink(U32::new(words().count() as u32).as_bytes());
        for word in words() {
            sink(U16::new(word.len() as u16).as_bytes());
            sink(word.as_bytes());
        }
    }
}

impl<'a, N: Architecture> Image<'a, N> {
    /// Returns the normaliser of the network's inputs, in place.
    ///
    /// # Errors
    /// [`SectionError`] if the image has no normaliser, or its normaliser does not have `C` channels.
    pub fn normalizer<const C: usize>(&self) -> Result<&'a Normalizer<C, N::Real>, SectionError> {
        let data = self.section(NORMALIZER)?;
        let expected = size_of::<Normalizer<C, N::Real>>();
        Normalizer::ref_from_bytes(data).map_err(|_| SectionError::Length { found: data.len(), expected })
    }
}

impl<'a, N> Image<'a, N> {
    /// Returns the data of the first section with this tag.
    ///
    /// # Errors
    /// [`SectionError::Absent`] if the image has no such section.
    pub fn section(&self, tag: Tag) -> Result<&'a [u8], SectionError> {
        self.sections.find(tag)
    }

    /// Returns the words of the vocabulary in the order of their tokens, without the special words: the first has
    /// token 4.
    ///
    /// # Errors
    /// [`SectionError::Absent`] if there is no vocabulary.
    pub fn words(&self) -> Result<impl Iterator<Item = &'a str>, SectionError> {
        words::texts(self.section(VOCABULARY)?)
    }

    /// Builds the vocabulary in memory, for up to `V` symbols and `BYTES` bytes of text.
    ///
    /// # Errors
    /// [`SectionError`] if the image has no vocabulary, or the vocabulary does not fit.
    pub fn vocabulary<const V: usize, const BYTES: usize>(&self) -> Result<Vocabulary<V, BYTES>, SectionError> {
        let mut vocabulary = Vocabulary::new();
        for word in self.words()? {
            vocabulary.insert(word).map_err(SectionError::Vocabulary)?;
        }
        Ok(vocabulary)
    }
}
