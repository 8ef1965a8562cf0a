use super::text::utf8;
use super::{DataError, Place, Problem};
use crate::source::{self, LIMIT};
use elman::Vocabulary;
use elman::error::SectionError;
use elman::image::{Section, Tag};
use std::path::Path;

/// Room for every symbol and every text that a vocabulary can have.
type Largest = Vocabulary<{ 1 << 16 }, { u16::MAX as usize }>;

/// The texts of a network's symbols, whose number is known when the program runs; in an image, a
/// [`Vocabulary`].
#[derive(Clone, Debug, PartialEq)]
pub struct Words(Box<Largest>);

impl Words {
    /// Reads the texts of so many symbols, a line each, so that line 1 is token 0. The first four are `<pad>`, `<sos>`, `<eos>`
    /// and `<unk>`, which every vocabulary begins with. A line is taken as it stands, spaces too; `\n` and `\r` alone are the
    /// characters that no line can hold.
    ///
    /// # Errors
    /// [`DataError`] at the first line that does not fit, or if there are more or fewer.
    pub fn read(path: &Path, symbols: usize) -> Result<Self, DataError> {
        Self::parse(&bytes(path)?, symbols).map_err(|error| error.of(path))
    }

    fn parse(bytes: &[u8], expected: usize) -> Result<Self, DataError> {
        let mut words = Box::new(Largest::new());
        let specials: Vec<String> = words.iter().map(|(_, text)| text.to_string()).collect();
        let mut found = 0;
        for (index, line) in utf8(bytes)?.lines().enumerate() {
            let added = match specials.get(index) {
                Some(special) => same(line, special),
                None => add(&mut words, text(line)),
            };
            added.map_err(|problem| DataError::new(Place::Line(index + 1), problem))?;
            found = index + 1;
        }
        if found != expected {
            return Err(DataError::whole(Problem::Symbols { found, expected }));
        }
        if found <= specials.len() {
            return Err(DataError::whole(Problem::NoWords));
        }
        Ok(Self(words))
    }

    /// How many symbols there are, the special ones included.
    #[must_use]
    pub fn symbols(&self) -> usize {
        self.0.len()
    }

    /// The words without the special ones, the first of which is token 4.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.words()
    }

    /// The bytes of all words together.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.iter().map(str::len).sum()
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

fn bytes(path: &Path) -> Result<Vec<u8>, DataError> {
    source::bytes(path, LIMIT).map_err(|error| DataError::whole(error.into()).of(path))
}

/// What a line stands for.
fn text(line: &str) -> &str {
    match line {
        r"\n" => "\n",
        r"\r" => "\r",
        text => text,
    }
}

fn same(found: &str, expected: &str) -> Result<(), Problem> {
    if found == expected {
        Ok(())
    } else {
        Err(Problem::NotTheSpecial { found: found.into(), expected: expected.into() })
    }
}

fn add(words: &mut Largest, word: &str) -> Result<(), Problem> {
    let before = words.len();
    let token = words.insert(word).map_err(Problem::Vocabulary)?;
    if words.len() > before { Ok(()) } else { Err(Problem::Twice { found: word.into(), line: token.index() + 1 }) }
}
