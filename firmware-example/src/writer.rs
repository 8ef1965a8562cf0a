//! Character model that writes sentences, the same on the host and on every board. It was trained on this
//! project's documentation.

use core::fmt;
use elman::error::{EncodeError, ImageError, SectionError, SelfTestError, SequenceError};
use elman::vocabulary::{Encode, Vocabulary};
use elman::{Dense, Fast, Gru, Image, Network, Sampler, Token, Xoshiro128};
use embedded_io::Write;

/// Letters of the model, which follow the four special tokens of every vocabulary.
pub const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz .";
const SYMBOLS: usize = LETTERS.len() + 4;
const UNITS: usize = 48;

/// Beginnings of the sentences to write.
const BEGINNINGS: [&str; 3] = ["the ", "a ", "no "];
/// Largest number of symbols after a beginning.
const LIMIT: usize = 100;
const TEMPERATURE: f32 = 0.3;
const SEED: u64 = 1;

/// Letter or special token.
pub type Symbol = Token<SYMBOLS>;
/// Vocabulary of the letters.
pub type Letters = Vocabulary<SYMBOLS, { LETTERS.len() }>;
/// Network of the model.
pub type Net = Network<Gru<SYMBOLS, UNITS, Fast, 1>, Dense<UNITS, SYMBOLS>>;

/// Writes a line for each beginning: a sentence completed by the model in `image`. Returns the number of symbols
/// drawn.
///
/// # Errors
/// Returns the [`WriteError`] that ended writing.
pub fn write<W: Write>(image: &[u8], out: &mut W) -> Result<usize, WriteError<W::Error>> {
    let image = Image::<Net>::open(image).map_err(WriteError::Image)?;
    image.selftest::<Symbol>().map_err(WriteError::SelfTest)?;
    let letters: Letters = image.vocabulary().map_err(WriteError::Section)?;
    // The temperature is valid, so greedy sampling is never used.
    let sampler = Sampler::temperature(TEMPERATURE).unwrap_or(Sampler::GREEDY);
    let (mut rng, mut drawn) = (Xoshiro128::from_seed(SEED), 0);
    for beginning in BEGINNINGS {
        out.write_all(beginning.as_bytes()).map_err(WriteError::Port)?;
        let seed = letters.encode_chars::<LIMIT>(beginning, Encode { sos: true, ..Encode::PLAIN });
        let seed = seed.map_err(WriteError::Beginning)?;
        let sentence = image.network().generate(&seed, sampler, &mut rng, LIMIT, Some(Letters::EOS));
        for symbol in sentence.map_err(WriteError::Sequence)? {
            let text = letters.text(symbol.map_err(WriteError::Sequence)?).unwrap_or_default();
            out.write_all(text.as_bytes()).map_err(WriteError::Port)?;
            drawn += 1;
        }
        out.write_all(b"\n").map_err(WriteError::Port)?;
    }
    out.flush().map_err(WriteError::Port)?;
    Ok(drawn)
}

/// Reason why writing ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WriteError<E> {
    /// The bytes are not an image of the model.
    Image(ImageError),
    /// The model fails its self-test.
    SelfTest(SelfTestError),
    /// The image has no vocabulary.
    Section(SectionError),
    /// A beginning has a letter that is not in the vocabulary.
    Beginning(EncodeError),
    /// No symbol can be drawn.
    Sequence(SequenceError),
    /// The text cannot be sent.
    Port(E),
}

impl<E: fmt::Display> fmt::Display for WriteError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Image(error) => error.fmt(f),
            Self::SelfTest(error) => error.fmt(f),
            Self::Section(error) => error.fmt(f),
            Self::Beginning(error) => error.fmt(f),
            Self::Sequence(error) => error.fmt(f),
            Self::Port(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> core::error::Error for WriteError<E> {}
