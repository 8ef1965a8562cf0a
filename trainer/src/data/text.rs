//! Plain text as characters or words, with one sentence per line or as one stream.
//!
//! The steps of a sequence are pieces of the text; a [vocabulary](DataSet::vocabulary) turns them into tokens.
//! Words are separated by whitespace, and a character is one `char`, as in [`elman::vocabulary`].

mod tokens;

use super::draft::Draft;
use super::{DataError, DataSet, Label, Options, Place, Problem, Series};
pub use tokens::windows;

/// Unit into which a text is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pieces {
    /// A character.
    Characters,
    /// A word.
    Words,
}

impl Pieces {
    /// Cuts a text into pieces.
    #[must_use]
    pub fn of(self, text: &str) -> Vec<&str> {
        match self {
            Self::Characters => text.split_inclusive(|_| true).collect(),
            Self::Words => text.split_whitespace().collect(),
        }
    }

    /// Returns the name of the only channel.
    const fn name(self) -> &'static str {
        match self {
            Self::Characters => "character",
            Self::Words => "word",
        }
    }
}

/// Reads each line of a text as a sequence without a label. Empty lines are skipped.
///
/// # Errors
/// [`DataError`] at the first byte that is not UTF-8, or if all lines are empty.
pub fn lines(bytes: &[u8], pieces: Pieces) -> Result<DataSet<&str>, DataError> {
    collect(bytes, pieces, &Options::default(), |line, _| Ok((Label::None, line)))
}

/// Reads each line of a text as a label, a tab and a sentence. Empty lines are skipped.
///
/// # Errors
/// [`DataError`] at the first line that does not have this form, or whose label is not among the classes in
/// the options.
pub fn labelled<'a>(bytes: &'a [u8], pieces: Pieces, options: &Options) -> Result<DataSet<&'a str>, DataError> {
    collect(bytes, pieces, options, |line, draft| {
        let (label, sentence) = line.split_once('\t').ok_or(Problem::NoTab)?;
        Ok((Label::Whole(draft.class(label.trim())?), sentence))
    })
}

/// Reads a whole text, including line ends, as one sequence without a label.
///
/// # Errors
/// [`DataError`] at the first byte that is not UTF-8, or if the text is empty.
pub fn stream(bytes: &[u8], pieces: Pieces) -> Result<DataSet<&str>, DataError> {
    let mut draft = Draft::new(&Options::default(), 1);
    let steps = pieces.of(utf8(bytes)?);
    if !steps.is_empty() {
        let group = draft.no_group();
        draft.add(Series { label: Label::None, group, steps: &steps }).map_err(DataError::whole)?;
    }
    Ok(draft.finish(vec![pieces.name().to_string()])?.0)
}

/// Reads the non-empty lines as sequences; `cut` splits a line into label and sentence.
fn collect<'a>(
    bytes: &'a [u8],
    pieces: Pieces,
    options: &Options,
    cut: impl Fn(&'a str, &mut Draft<&'a str>) -> Result<(Label<'static>, &'a str), Problem>,
) -> Result<DataSet<&'a str>, DataError> {
    let mut draft = Draft::new(options, 1);
    for (index, line) in utf8(bytes)?.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let at = |problem| DataError::new(Place::Line(index + 1), problem);
        let (label, sentence) = cut(line, &mut draft).map_err(at)?;
        let steps = pieces.of(sentence);
        if steps.is_empty() {
            return Err(at(Problem::NoSentence));
        }
        let group = draft.no_group();
        draft.add(Series { label, group, steps: &steps }).map_err(at)?;
    }
    Ok(draft.finish(vec![pieces.name().to_string()])?.0)
}

/// Decodes bytes as UTF-8 text, without a leading byte-order mark.
pub(super) fn utf8(bytes: &[u8]) -> Result<&str, DataError> {
    let text = str::from_utf8(bytes).map_err(|error| {
        let (before, rest) = bytes.split_at(error.valid_up_to());
        let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
        DataError::new(Place::Line(line), Problem::NotUtf8 { byte: rest[0] })
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}
