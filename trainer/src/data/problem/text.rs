use super::{Hint, Problem, has_decimal_comma};
use crate::data::notes::listed;
use elman_files::source::SourceError;
use std::error::Error;
use std::fmt;

/// Beginning of a text that may be as long as a file.
struct Short<'a>(&'a str);

impl fmt::Display for Short<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 80;
        match self.0.char_indices().nth(SHOWN) {
            Some((end, _)) => write!(f, "{}… ({} bytes)", &self.0[..end], self.0.len()),
            None => f.write_str(self.0),
        }
    }
}

/// Lists the first few names.
fn few(names: &[String]) -> String {
    listed(names.iter().map(|name| Short(name).to_string()), names.len())
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delimiter('\t') => f.write_str("the columns seem to be separated by tabs: try --delimiter '\\t'"),
            Self::Delimiter(by) => write!(f, "the columns seem to be separated by `{by}`: try --delimiter '{by}'"),
            Self::DecimalComma => f.write_str(
                "this looks like a decimal comma: write numbers with a point, as pandas does with read_csv(..., \
                    decimal=',').to_csv(...)",
            ),
        }
    }
}

impl Error for Problem {}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(kind) => write!(f, "{}", SourceError::Io(*kind)),
            Self::Source(error) => write!(f, "{error}"),
            Self::Hinted { problem, hint } => write!(f, "{problem}; {hint}"),
            Self::LongRow { bytes, cells } => {
                write!(f, "the row has more than {bytes} bytes or {cells} columns; check for an unclosed quote")
            }
            Self::SameNumber { name, first } => write!(f, "the classes `{first}` and `{name}` are the same number"),
            Self::Empty => f.write_str("there is no data; at least one sequence is needed"),
            Self::NotThe(what) => write!(f, "this is not {what}"),
            Self::Truncated => f.write_str("the data is cut off here"),
            Self::TrailingBytes => f.write_str("the data set ends here, but there are more bytes"),
            Self::NotUtf8 { byte } => write!(f, "the byte 0x{byte:02x} is not UTF-8"),
            Self::OpenQuote => f.write_str("a quote is opened in this row and never closed"),
            Self::Ragged { found, expected } => write!(f, "the row has {found} columns, expected {expected}"),
            Self::NoHeader => f.write_str("the first line contains numbers, expected column names"),
            Self::Missing { name, present } => write!(f, "there is no `{name}`, only {}", few(present)),
            Self::Duplicate { name } => write!(f, "the column name `{}` is already taken", Short(name)),
            Self::Unnamed => f.write_str("the column has values but no name"),
            Self::NoChannels => f.write_str("no column is left for values"),
            Self::NotANumber { found } if found.is_empty() => f.write_str("no value found, expected a number"),
            Self::NotANumber { found } if has_decimal_comma(found) => {
                write!(f, "`{}` is not a number; {}", Short(found), Hint::DecimalComma)
            }
            Self::NotANumber { found } => write!(f, "`{}` is not a number", Short(found)),
            Self::NotFinite { found } => write!(f, "{} is not a finite 32-bit number", Short(found)),
            Self::EmptyName => f.write_str("the name is empty"),
            Self::SameClass { name } => write!(f, "two classes have the name `{name}`"),
            Self::UnknownLabel { found, known } => {
                write!(f, "unknown label `{}`; the classes are {}", Short(found), few(known))
            }
            Self::NoSentence => f.write_str("there is no text after the label"),
            Self::UnknownPiece { found } => write!(f, "{found:?} is not in the vocabulary"),
            Self::NoTab => f.write_str("there is no tab; expected a label, a tab and the text"),
            Self::Changed { found, expected } => {
                write!(f, "the sequence has `{}` here, but `{}` in an earlier row", Short(found), Short(expected))
            }
            Self::LabelOutOfRange { label, classes } => {
                write!(f, "the label is {label}, but there are {classes} classes")
            }
            Self::NothingToLearn => f.write_str("the data set has no channels or no classes"),
            Self::NumberType { found } => write!(f, "elements of type {found} are not supported"),
            Self::ArrayBytes { found, expected } => write!(f, "the elements take {found} bytes, expected {expected}"),
            Self::Archive(what) => write!(f, "the archive cannot be read: {what}"),
            Self::NotADeviation { found } => {
                write!(
                    f,
                    "{found} is not a standard deviation: use a number above 0 and finite in 32 bits, or 1 for \
                    a constant channel"
                )
            }
            Self::NotOneArray { found } => {
                write!(f, "the values are in one array, but {} were requested: {}", found.len(), few(found))
            }
            Self::NotWhole { found } => write!(f, "{found} is not a whole number"),
            Self::Shape { found, expected } => write!(f, "the shape is {found:?}, expected {expected}"),
            Self::Length { found, steps } => write!(f, "the length is {found}, but the array has {steps} steps"),
            Self::Channels { found, expected } => write!(f, "there are {found} channels, expected {expected}"),
            Self::TooMany { what, found, most } => write!(f, "there are {found} {what}, expected at most {most}"),
            Self::ClassNames { found, expected } => write!(f, "there are {found} names for {expected} classes"),
            Self::Labelling { found, expected } => write!(f, "the sequence has {found}, expected {expected}"),
            Self::NoSteps => f.write_str("this format cannot hold a sequence without steps"),
            Self::Vocabulary(error) => write!(f, "{error}"),
            Self::NotTheSpecial { found, expected } => {
                write!(f, "{found:?} found, expected {expected}: tokens 0 to 3 are <pad>, <sos>, <eos>, <unk>")
            }
            Self::Twice { found, line } => write!(f, "{found:?} is already in line {line}"),
            Self::Symbols { found, expected } => write!(f, "there are {found} tokens, expected {expected}"),
            Self::NoWords => f.write_str("there are only the four special tokens; at least one word is needed"),
            Self::Extension { known } => write!(f, "the extension is unknown, expected {known}"),
        }
    }
}
