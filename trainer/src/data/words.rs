//! Vocabularies as plain text: one symbol per line.

use super::text::utf8;
use super::{DataError, Place, Problem};
use elman_files::source::{self, LIMIT};
use elman_model::Words;
use std::path::Path;

/// Reads `symbols` symbols, one per line; line 1 is token 0. The first four are `<pad>`, `<sos>`, `<eos>`
/// and `<unk>`, with which every vocabulary begins. A line is taken literally, including spaces, except that a line
/// with only `\n` or `\r` stands for that control character.
///
/// # Errors
/// [`DataError`] at the first line that does not fit, or if the number of lines is not `symbols`.
pub fn read(path: &Path, symbols: usize) -> Result<Words, DataError> {
    parse(&bytes(path)?, symbols).map_err(|error| error.of(path))
}

fn parse(bytes: &[u8], expected: usize) -> Result<Words, DataError> {
    let mut words = Words::new();
    let specials: Vec<String> = words.texts().map(str::to_string).collect();
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
    Ok(words)
}

fn bytes(path: &Path) -> Result<Vec<u8>, DataError> {
    source::bytes(path, LIMIT).map_err(|error| DataError::whole(error.into()).of(path))
}

/// Returns the text that a line stands for.
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

fn add(words: &mut Words, word: &str) -> Result<(), Problem> {
    let before = words.symbols();
    let token = words.insert(word).map_err(Problem::Vocabulary)?;
    if words.symbols() > before { Ok(()) } else { Err(Problem::Twice { found: word.into(), line: token + 1 }) }
}
