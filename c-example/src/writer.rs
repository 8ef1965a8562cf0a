//! Entries of the writer, a character model: see `rnn.h`. It has an embedding, a GRU with an LSTM on top of it,
//! `Fast` activation functions, a checkpointed tape, and an image with an alphabet and a probe.

use crate::header::{constant, reserved};
use crate::slice;
use crate::status::{OK, Refused, answer};
use core::str;
use elman::image::{Image, Probe, section_bytes};
use elman::optim::RmsProp;
use elman::vocabulary::Encode;
use elman::{Clip, Config, Dense, Each, Embedding, Fast, Gru, Libm, Lstm, Network, Part, Reduction};
use elman::{Sampler, Stacked, Token, Trainer, Vocabulary, Workspace, Xoshiro128, init, parameters};

/// Text read by the image's self-test.
const PROBE: &str = "a probe.";

/// Letters that the model reads and writes; its four other symbols are not letters.
const ALPHABET: &str = "abcdefghijklmnopqrstuvwxyz .";
const SYMBOLS: usize = constant("WRITER_SYMBOLS") as usize;
const UNITS: usize = 12;

/// Number of steps in a segment of the tape, and number of segments.
const STEPS: usize = 8;
const SEGMENTS: usize = 4;
/// Number of symbols in the longest text, including one at each end.
const TOKENS: usize = STEPS * SEGMENTS + 1;

type Letters = Vocabulary<SYMBOLS, { ALPHABET.len() }>;
type Cell = Stacked<Embedding<SYMBOLS, 8, Fast>, Stacked<Gru<8, UNITS, Fast>, Lstm<UNITS, UNITS, Fast>>>;
type Net = Network<Cell, Dense<UNITS, SYMBOLS>>;
type State = <Cell as Part>::State;
type Work = Workspace<Net, RmsProp, STEPS, STEPS, SEGMENTS>;

/// Size of the alphabet in the image: a count, then the length and the byte of each letter.
const ALPHABET_BYTES: usize = 4 + 3 * ALPHABET.len();
/// Size of the probe in the image: two counts and the tolerance, the outputs, and the tokens.
const PROBE_BYTES: usize = 12 + 4 * SYMBOLS + 2 * PROBE.len();
const IMAGE_BYTES: usize = Image::<Net>::BYTES + section_bytes(ALPHABET_BYTES) + section_bytes(PROBE_BYTES);

const _: () = {
    reserved::<Net>("WRITER_BYTES");
    reserved::<State>("WRITER_STATE_BYTES");
    reserved::<Work>("WRITER_TRAINING_BYTES");
    assert!(constant("WRITER_LETTERS") as usize == TOKENS - 2, "the header states a different length");
    assert!(IMAGE_BYTES == constant("WRITER_IMAGE_BYTES") as usize, "the header states a different size");
};

/// Draws the initial weights: see `rnn.h`.
#[unsafe(no_mangle)]
pub extern "C" fn writer_init(network: &mut Net, seed: u64) {
    let mut rng = Xoshiro128::from_seed(seed);
    init::uniform_fan::<Libm<f32>, _>(network, &mut rng);
    init::embedding(&mut network.cell.lower, &mut rng);
}

/// Writes an image with the alphabet and a probe, and returns its length: see `rnn.h`.
///
/// # Safety
/// `bytes` must be null or point to `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn writer_save(network: &Net, bytes: *mut u8, length: usize) -> i32 {
    // SAFETY: the caller's promise.
    answer(save(network, unsafe { slice::write(bytes, length) }))
}

fn save(network: &Net, bytes: &mut [u8]) -> Result<i32, Refused> {
    let input = letters()?.encode_chars::<TOKENS>(PROBE, Encode::PLAIN)?;
    let probe = Probe { input: &input, expected: network.predict(&input)?, tolerance: 0.0 };
    Ok(Image::write(network, &[&letters()?, &probe], bytes)? as i32)
}

/// Copies the weights from an image that passes its self-test: see `rnn.h`.
///
/// # Safety
/// `bytes` must be null or point to `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn writer_load(network: &mut Net, bytes: *const u8, length: usize) -> i32 {
    // SAFETY: the caller's promise.
    answer(load(network, unsafe { slice::read(bytes, length) }))
}

fn load(network: &mut Net, bytes: &[u8]) -> Result<i32, Refused> {
    let image = Image::<Net>::open(bytes)?;
    if image.vocabulary::<SYMBOLS, { ALPHABET.len() }>()? != letters()? {
        return Err(Refused::Weights);
    }
    image.selftest::<Token<SYMBOLS>>()?;
    parameters::copy(image.network(), network);
    Ok(OK)
}

/// Reads a letter and scores the letters that may follow: see `rnn.h`.
#[unsafe(no_mangle)]
pub extern "C" fn writer_step(network: &Net, state: &mut State, letter: u8, scores: &mut [f32; SYMBOLS]) -> i32 {
    answer(step((network, state), letter, scores))
}

fn step((network, state): (&Net, &mut State), letter: u8, scores: &mut [f32; SYMBOLS]) -> Result<i32, Refused> {
    let letter = [letter];
    let token = letters()?.token(str::from_utf8(&letter)?)?;
    *scores = network.step(state, &token);
    Ok(OK)
}

/// Performs one update from a text: see `rnn.h`.
///
/// # Safety
/// `text` must be null or point to `length` letters.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn writer_update(
    network: &mut Net,
    work: &mut Work,
    text: *const u8,
    length: usize,
    rate: f32,
    loss: &mut f32,
) -> i32 {
    // SAFETY: the caller's promise.
    answer(update((network, work), unsafe { slice::read(text, length) }, (rate, loss)))
}

/// Trains to predict each symbol, including the end, from the symbols before it.
fn update((network, work): (&mut Net, &mut Work), text: &[u8], (rate, loss): (f32, &mut f32)) -> Result<i32, Refused> {
    let how = Encode { sos: true, eos: true, ..Encode::PLAIN };
    let tokens = letters()?.encode_chars::<TOKENS>(str::from_utf8(text)?, how)?;
    let (Some((_, inputs)), Some((_, targets))) = (tokens.split_last(), tokens.split_first()) else {
        return Err(Refused::Empty);
    };
    let config = Config { clip: Clip::Norm(1.0), steps: Reduction::Mean, ..Config::new(RmsProp::new(rate)) };
    let mut trainer = Trainer::new(network, work, config)?;
    *loss = trainer.update(inputs, Each(targets))?.loss;
    Ok(OK)
}

/// Writes a text drawn from the model, and returns its length: see `rnn.h`.
///
/// # Safety
/// `text` must be null or point to a buffer for `length` letters.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn writer_write(network: &Net, seed: u64, temperature: f32, text: *mut u8, length: usize) -> i32 {
    // SAFETY: the caller's promise.
    answer(write(network, (seed, temperature), unsafe { slice::write(text, length) }))
}

fn write(network: &Net, (seed, temperature): (u64, f32), text: &mut [u8]) -> Result<i32, Refused> {
    let (letters, sampler) = (letters()?, Sampler::temperature(temperature)?);
    let (mut rng, limit, mut room) = (Xoshiro128::from_seed(seed), text.len(), text.iter_mut());
    for token in network.generate(&[Letters::SOS], sampler, &mut rng, limit, Some(Letters::EOS))? {
        let letter = letters.text(token?).unwrap_or_default().as_bytes();
        room.by_ref().zip(letter).for_each(|(place, &byte)| *place = byte);
    }
    Ok((limit - room.len()) as i32)
}

/// Returns the alphabet as a vocabulary.
fn letters() -> Result<Letters, Refused> {
    let mut letters = Letters::new();
    letters.insert_chars(ALPHABET)?;
    Ok(letters)
}
