//! Trains the model that writes English sentences on the boards.
//!
//! `writer FILE` writes the image to `FILE`; `firmware-example/models/writer.elman` was made this way. Then the
//! program generates text on the host as the device does, and prints the perplexity on held-out sentences.

use elman::image::{Aligned, Image, Probe};
use elman::metrics::LogLikelihood;
use elman::vocabulary::Encode;
use elman::{Adam, Clip, Config, CrossEntropy, Each, Libm, Reduction, Trainer, Workspace, Xoshiro128, Zero, init};
use elman_files::output;
use std::env;
use std::error::Error;

#[path = "../../firmware-example/src/writer.rs"]
pub mod writer;

use writer::{LETTERS, Letters, Net, Symbol};

/// Training text and test text.
const ENGLISH: [&str; 2] =
    [include_str!("../../data/letters/english.txt"), include_str!("../../data/letters/english-held.txt")];
/// Number of steps through which the gradient is propagated back.
const WINDOW: usize = 32;
const EPOCHS: usize = 8;
/// Learning rate of the first update; it falls linearly to 0.
const RATE: f32 = 0.01;
/// Largest number of symbols in a sentence.
const LONGEST: usize = 256;
/// Size of the buffer for an image.
const ROOM: usize = 1 << 16;

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args_os().nth(1).ok_or("usage: writer FILE")?;
    let mut room = Aligned([0; ROOM]);
    let length = learn(&mut room.0)?;
    let image = &room.0[..length];
    output::write(path.as_ref(), image)?;
    println!("{length} bytes; perplexity on held-out sentences {:.2}", perplexity(Image::open(image)?.network())?);
    let mut text = Vec::new();
    writer::write(image, &mut text)?;
    print!("{}", String::from_utf8(text)?);
    Ok(())
}

/// Trains on each sentence separately and writes the image to `room`, with the vocabulary and with a probe that
/// the device must match bit for bit. Returns the length of the image.
pub fn learn(room: &mut [u8]) -> Result<usize, Box<dyn Error>> {
    let letters = letters()?;
    let sentences = sentences(&letters, ENGLISH[0])?;
    let (mut network, mut work) = (Net::ZERO, Workspace::<Net, Adam, WINDOW, WINDOW>::ZERO);
    init::orthogonal::<Libm<f32>, _>(&mut network, &mut Xoshiro128::from_seed(0));
    let updates = EPOCHS * sentences.iter().map(|sentence| windows(sentence).count()).sum::<usize>();
    let mut update = 0;
    for sentence in (0..EPOCHS).flat_map(|_| &sentences) {
        let mut state = Zero::ZERO;
        for (symbols, next) in windows(sentence) {
            let adam = Adam::new(RATE * (1.0 - update as f32 / updates as f32));
            let config = Config { clip: Clip::Norm(1.0), steps: Reduction::Mean, ..Config::new(adam) };
            Trainer::new(&mut network, &mut work, config)?.update_from(&mut state, symbols, Each(next))?;
            update += 1;
        }
    }
    let input = &sentences[0];
    let probe = Probe { input, expected: network.predict(input)?, tolerance: 0.0 };
    Ok(Image::write(&network, &[&letters, &probe], room)?)
}

/// Returns the perplexity on held-out sentences: a random choice among this number of symbols would be as
/// uncertain as the next symbol.
fn perplexity(network: &Net) -> Result<f32, Box<dyn Error>> {
    let mut likelihood = LogLikelihood::ZERO;
    for sentence in sentences(&letters()?, ENGLISH[1])? {
        let (symbols, next) = (&sentence[..sentence.len() - 1], &sentence[1..]);
        likelihood.add(network.evaluate(&CrossEntropy, symbols, Each(next))?, next.len() as u32);
    }
    Ok(likelihood.perplexity::<Libm<f32>>().ok_or("nothing was held out")?)
}

fn letters() -> Result<Letters, Box<dyn Error>> {
    let mut letters = Letters::new();
    letters.insert_chars(LETTERS)?;
    Ok(letters)
}

/// Encodes the lines of a text as symbols, between `<sos>` and `<eos>`.
fn sentences(letters: &Letters, text: &str) -> Result<Vec<Vec<Symbol>>, Box<dyn Error>> {
    let how = Encode { sos: true, eos: true, ..Encode::PLAIN };
    text.lines().map(|line| Ok(letters.encode_chars::<LONGEST>(line, how)?.to_vec())).collect()
}

/// Returns consecutive windows of a sentence, each with the symbols that follow its symbols.
fn windows(sentence: &[Symbol]) -> impl Iterator<Item = (&[Symbol], &[Symbol])> {
    sentence[..sentence.len() - 1].chunks(WINDOW).zip(sentence[1..].chunks(WINDOW))
}
