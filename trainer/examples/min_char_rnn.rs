//! Karpathy's min-char-rnn, number for number: `min_char_rnn TEXT` with the tiny-shakespeare text of his char-rnn.
//!
//! From stored first weights, in double precision, 10,001 windows of 25 characters. The losses of the first ten are those of
//! numpy; after that the course is chaotic, the smallest difference grows, and only the smooth loss can be compared: with
//! numpy and ten seeds it is 54.5 ± 1.5 at window 10,000. Prints it now and then, with what the model writes.

use elman::{Libm, Sampler, Token, Trainer, Workspace, Xoshiro128};
use elman_trainer::language::min_char_rnn::{Adagrad, Net, STEPS, SmoothLoss, config, start};
use elman_trainer::language::{LanguageModel, Streams};
use elman_trainer::trials::{Failure, verdict};
use elman_trainer::zeroed;
use safetensors::SafeTensors;
use std::path::PathBuf;
use std::process::ExitCode;

const FIRST: &[u8] = include_bytes!("../../host-tests/golden/min_char_rnn.safetensors");
const SYMBOLS: usize = 65;
const WINDOWS: usize = 10_001;

type Model = Net<SYMBOLS, Libm<f64>, f64>;

fn main() -> Result<ExitCode, Failure> {
    let path = std::env::args_os().nth(1).map(PathBuf::from).ok_or("usage: min_char_rnn TEXT")?;
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let alphabet = alphabet()?;
    let tokens = text.chars().map(|character| token(&alphabet, character)).collect::<Result<Vec<_>, _>>()?;
    let mut network = zeroed::<Model>();
    let mut work = zeroed::<Workspace<Model, Adagrad<f64>, STEPS, STEPS>>();
    start(&mut network, FIRST)?;
    let mut trainer = Trainer::new(&mut *network, &mut work, config())?;
    let (mut streams, mut smooth) = (Streams::new(&tokens, 1), SmoothLoss::new(SYMBOLS));
    let numpy = SafeTensors::deserialize(FIRST)?.tensor("losses")?.data().as_chunks().0.to_vec();
    let mut apart: f64 = 0.0;
    for window in 0..WINDOWS {
        let loss = streams.update(&mut trainer)?;
        smooth.add(loss);
        if let Some(&expected) = numpy.get(window).filter(|_| window < 10) {
            let expected = f64::from_le_bytes(expected);
            println!("window {window}: loss {loss:.9}, numpy {expected:.9}");
            apart = apart.max((loss - expected).abs());
        }
        if window % 2000 == 0 && window > 0 {
            println!(
                "\nwindow {window}: smooth loss {:.2}\n{}",
                smooth.value(),
                written(trainer.network()?, &alphabet)?
            );
        }
    }
    let reached = smooth.value();
    Ok(verdict([
        (
            format!("the first ten losses are numpy's within 1e-7: {apart:.1e} at most ({STEPS} characters each)"),
            apart < 1e-7,
        ),
        (format!("the smooth loss at window 10,000 is in 51 to 58: {reached:.2}"), (51.0..=58.0).contains(&reached)),
    ]))
}

/// The characters in the order of their tokens.
fn alphabet() -> Result<Vec<char>, Failure> {
    let (_, header) = SafeTensors::read_metadata(FIRST)?;
    let texts = header.metadata().as_ref().ok_or("the file does not say its characters")?;
    Ok(texts["vocab"].chars().collect())
}

fn token(alphabet: &[char], character: char) -> Result<Token<SYMBOLS>, Failure> {
    let index = alphabet.binary_search(&character).map_err(|_| format!("{character:?} is not in tiny-shakespeare"))?;
    Ok(Token::new(index)?)
}

/// 200 characters that the model draws.
fn written(model: &Model, alphabet: &[char]) -> Result<String, Failure> {
    let drawn = model.generate_after(model.start(), Sampler::temperature(1.0)?, Xoshiro128::from_seed(1));
    Ok(drawn.take(200).map(|token| alphabet[token.index()]).collect())
}
