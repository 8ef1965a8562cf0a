use elman::Vocabulary;
use elman::error::{SectionError, VocabularyError};
use elman::image::{Section, Tag};

/// Vocabulary with room for the largest possible numbers of symbols and bytes.
type Largest = Vocabulary<{ 1 << 16 }, { u16::MAX as usize }>;

/// Texts of a network's symbols, whose number is known only at run time; stored in an image as a [`Vocabulary`].
#[derive(Clone, Debug, PartialEq)]
pub struct Words(Box<Largest>);

impl Words {
    /// Creates a vocabulary that holds only the special tokens: `<pad>`, `<sos>`, `<eos>` and `<unk>`.
    #[must_use]
    pub fn new() -> Self {
        Self(Box::new(Largest::new()))
    }

    /// Adds a word unless it already exists, and returns the index of its token.
    ///
    /// # Errors
    /// [`VocabularyError`] if the word is empty, or there is no room for it; nothing is changed.
    pub fn insert(&mut self, word: &str) -> Result<usize, VocabularyError> {
        self.0.insert(word).map(|token| token.index())
    }

    /// Returns the number of symbols, the special ones included.
    #[must_use]
    pub fn symbols(&self) -> usize {
        self.0.len()
    }

    /// Returns the texts of all symbols in the order of their indices, the special ones first.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(_, text)| text)
    }

    /// Returns the words without the special tokens; the first is token 4.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.words()
    }

    /// Returns the total number of bytes of all words.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.iter().map(str::len).sum()
    }
}

impl Default for Words {
    fn default() -> Self {
        Self::new()
    }
}

impl Section<f32> for Words {
    fn tag(&self) -> Tag {
        Section::<f32>::tag(&*self.0)
    }
    fn write(&self, sink: &mut dyn FnMut(&[u8])) {
        Section::<f32>::write(&*self.0, sink);
    }
    fn check(&self) -> Result<(), SectionError> {
        Section::<f32>::check(&*self.0)
    }
}
