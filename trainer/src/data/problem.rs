use super::notes::listed;
use elman::error::VocabularyError;
use elman_files::source::SourceError;
use std::error::Error;
use std::fmt;
use std::io;

/// Description of the problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The file cannot be read or written.
    Io(io::ErrorKind),
    /// The file is not one that is read, or takes more memory than there may be.
    Source(SourceError),
    /// A problem whose cause can be guessed.
    Hinted {
        /// The problem.
        problem: Box<Problem>,
        /// Its likely cause.
        hint: Hint,
    },
    /// A row of a table is longer than any should be.
    LongRow {
        /// The most bytes.
        bytes: usize,
        /// The most cells.
        cells: usize,
    },
    /// Two classes write the same number.
    SameNumber {
        /// The name.
        name: String,
        /// The name of the first.
        first: String,
    },
    /// There is no row of values, or no line of text.
    Empty,
    /// The file is not of its format.
    NotThe(&'static str),
    /// The file ends too early.
    Truncated,
    /// The file goes on after its end.
    TrailingBytes,
    /// A byte that no UTF-8 text has there.
    NotUtf8 {
        /// The byte.
        byte: u8,
    },
    /// A quoted field does not end.
    OpenQuote,
    /// A row has more or fewer columns than the first.
    Ragged {
        /// Its columns.
        found: usize,
        /// The columns of the first row.
        expected: usize,
    },
    /// The first line has numbers in place of column names.
    NoHeader,
    /// There is no column or array of this name.
    Missing {
        /// The name.
        name: String,
        /// The names there are.
        present: Box<[String]>,
    },
    /// Two columns have the same name.
    Duplicate {
        /// The name.
        name: String,
    },
    /// A column of values has no name.
    Unnamed,
    /// No column is left for values.
    NoChannels,
    /// The text is not a number.
    NotANumber {
        /// The text.
        found: String,
    },
    /// The number is NaN or infinite, or too large for `f32`.
    NotFinite {
        /// The number.
        found: String,
    },
    /// A label, group or sequence has an empty name.
    EmptyName,
    /// Two classes have the same name, so that a label could be either.
    SameClass {
        /// The name.
        name: String,
    },
    /// A label is not among the classes that were given.
    UnknownLabel {
        /// The label.
        found: String,
        /// The classes.
        known: Box<[String]>,
    },
    /// A line has a label and no text.
    NoSentence,
    /// A word or character is not in the vocabulary.
    UnknownPiece {
        /// The word or character.
        found: String,
    },
    /// A line has no tab between label and text.
    NoTab,
    /// A later row gives a sequence another label or group.
    Changed {
        /// Name in the later row.
        found: Box<str>,
        /// Name in the earlier rows.
        expected: Box<str>,
    },
    /// A label is not below the number of classes.
    LabelOutOfRange {
        /// The label.
        label: i64,
        /// The number of classes.
        classes: usize,
    },
    /// The number of channels or of classes is 0.
    NothingToLearn,
    /// The numbers of an array are of a type that is not read.
    NumberType {
        /// The type, as NumPy writes it.
        found: String,
    },
    /// An array has more or fewer bytes than its shape asks for.
    ArrayBytes {
        /// The bytes of its elements.
        found: usize,
        /// The bytes its shape asks for.
        expected: usize,
    },
    /// An archive of arrays is damaged.
    Archive(String),
    /// A standard deviation is not above 0, or it or its reciprocal is not finite in `f32`.
    NotADeviation {
        /// The number.
        found: String,
    },
    /// The options name more or fewer than one array, where all values stand in one.
    NotOneArray {
        /// The names.
        found: Box<[String]>,
    },
    /// A number is not a whole one.
    NotWhole {
        /// The number.
        found: String,
    },
    /// An array has another shape than the others ask for.
    Shape {
        /// Its shape.
        found: Box<[usize]>,
        /// The shape asked for.
        expected: String,
    },
    /// A sequence is longer than the array that holds it.
    Length {
        /// Its length.
        found: i64,
        /// The steps of the array.
        steps: usize,
    },
    /// There are more or fewer channels than the network reads.
    Channels {
        /// The channels.
        found: usize,
        /// The channels asked for.
        expected: usize,
    },
    /// A data set has more classes than the type of its labels, or more classes or channels than any network.
    TooMany {
        /// Classes or channels.
        what: &'static str,
        /// The number found.
        found: usize,
        /// The largest number allowed.
        most: usize,
    },
    /// There are more or fewer names than classes.
    ClassNames {
        /// The names.
        found: usize,
        /// The classes.
        expected: usize,
    },
    /// A sequence is labelled in another way.
    Labelling {
        /// The kind of label it has.
        found: &'static str,
        /// The kind of label it should have.
        expected: &'static str,
    },
    /// A format cannot hold a sequence without steps.
    NoSteps,
    /// The words or characters do not fit into the vocabulary.
    Vocabulary(VocabularyError),
    /// One of the tokens that every vocabulary begins with is not in its place.
    NotTheSpecial {
        /// The token found.
        found: Box<str>,
        /// The special token.
        expected: Box<str>,
    },
    /// An earlier line has the same text.
    Twice {
        /// The text that both lines have.
        found: Box<str>,
        /// The earlier line.
        line: usize,
    },
    /// There are more or fewer tokens than symbols that the network reads.
    Symbols {
        /// The tokens.
        found: usize,
        /// The symbols.
        expected: usize,
    },
    /// There is no word beside the special tokens.
    NoWords,
    /// A file's extension stands for no format.
    Extension {
        /// The formats there are.
        known: &'static str,
    },
}

/// Likely cause of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Columns are separated by this character.
    Delimiter(char),
    /// A number has a comma where its point should be.
    DecimalComma,
}

impl Problem {
    pub(super) fn hinted(self, hint: Hint) -> Self {
        Self::Hinted { problem: self.into(), hint }
    }
}

impl From<SourceError> for Problem {
    fn from(error: SourceError) -> Self {
        match error {
            SourceError::Io(kind) => Self::Io(kind),
            other => Self::Source(other),
        }
    }
}

/// A number with one comma, and points at most between its thousands.
fn has_decimal_comma(text: &str) -> bool {
    let Some((whole, rest)) = text.split_once(',') else { return false };
    format!("{}.{rest}", whole.replace('.', "")).parse::<f64>().is_ok()
}

/// The beginning of a text that may be as long as a file.
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

/// The first few of many names.
fn few(names: &[String]) -> String {
    listed(names.iter().map(|name| Short(name).to_string()), names.len())
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delimiter('\t') => f.write_str("the columns seem to be separated by tabs, which --delimiter '\\t' reads"),
            Self::Delimiter(by) => write!(f, "the columns seem to be separated by `{by}`, which --delimiter '{by}' reads"),
            Self::DecimalComma => f.write_str(
                "a decimal comma, it seems: write numbers with a point, as pandas does with read_csv(..., decimal=',').to_csv(...)",
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
                write!(f, "the row has more than {bytes} bytes or {cells} columns; is a quote left open?")
            }
            Self::SameNumber { name, first } => write!(f, "the classes `{first}` and `{name}` are one number"),
            Self::Empty => f.write_str("there is nothing in it, at least one sequence is expected"),
            Self::NotThe(what) => write!(f, "this is not {what}"),
            Self::Truncated => f.write_str("it is cut off here"),
            Self::TrailingBytes => f.write_str("the data set ends here, but there are more bytes"),
            Self::NotUtf8 { byte } => write!(f, "the byte 0x{byte:02x} is not UTF-8"),
            Self::OpenQuote => f.write_str("a quote is opened in this row and never closed"),
            Self::Ragged { found, expected } => write!(f, "the row has {found} columns, expected {expected}"),
            Self::NoHeader => f.write_str("the first line has numbers, expected the names of the columns"),
            Self::Missing { name, present } => write!(f, "there is no `{name}`, only {}", few(present)),
            Self::Duplicate { name } => write!(f, "a second column has the name `{}`", Short(name)),
            Self::Unnamed => f.write_str("the column has values but no name"),
            Self::NoChannels => f.write_str("no column is left for values"),
            Self::NotANumber { found } if found.is_empty() => f.write_str("there is nothing, expected a number"),
            Self::NotANumber { found } if has_decimal_comma(found) => {
                write!(f, "`{}` is not a number; {}", Short(found), Hint::DecimalComma)
            }
            Self::NotANumber { found } => write!(f, "`{}` is not a number", Short(found)),
            Self::NotFinite { found } => write!(f, "{} is not a finite 32-bit number", Short(found)),
            Self::EmptyName => f.write_str("there is nothing, expected a name"),
            Self::SameClass { name } => write!(f, "two classes have the name `{name}`"),
            Self::UnknownLabel { found, known } => {
                write!(f, "the label `{}` is unknown, the classes are {}", Short(found), few(known))
            }
            Self::NoSentence => f.write_str("there is no text after the label"),
            Self::UnknownPiece { found } => write!(f, "{found:?} is not in the vocabulary"),
            Self::NoTab => f.write_str("there is no tab, expected a label, a tab and the text"),
            Self::Changed { found, expected } => {
                write!(f, "the sequence has `{}` here, but `{}` in an earlier row", Short(found), Short(expected))
            }
            Self::LabelOutOfRange { label, classes } => write!(f, "the label is {label}, there are {classes} classes"),
            Self::NothingToLearn => f.write_str("the data set has no channels or no classes"),
            Self::NumberType { found } => write!(f, "elements of type {found} are not read"),
            Self::ArrayBytes { found, expected } => write!(f, "the elements take {found} bytes, expected {expected}"),
            Self::Archive(what) => write!(f, "the archive is damaged: {what}"),
            Self::NotADeviation { found } => {
                write!(f, "{found} is no standard deviation: above 0 and finite in 32 bits, 1 if nothing ever changed")
            }
            Self::NotOneArray { found } => {
                write!(f, "the values are one array, but {} are asked for: {}", found.len(), few(found))
            }
            Self::NotWhole { found } => write!(f, "{found} is not a whole number"),
            Self::Shape { found, expected } => write!(f, "the shape is {found:?}, expected {expected}"),
            Self::Length { found, steps } => write!(f, "the length is {found}, the array has {steps} steps"),
            Self::Channels { found, expected } => write!(f, "there are {found} channels, expected {expected}"),
            Self::TooMany { what, found, most } => write!(f, "there are {found} {what}, at most {most} are expected"),
            Self::ClassNames { found, expected } => write!(f, "there are {found} names for {expected} classes"),
            Self::Labelling { found, expected } => write!(f, "the sequence has {found}, expected {expected}"),
            Self::NoSteps => f.write_str("the sequence has no steps, which this format cannot hold"),
            Self::Vocabulary(error) => write!(f, "{error}"),
            Self::NotTheSpecial { found, expected } => {
                write!(f, "{found:?} where {expected} must be: tokens 0 to 3 are <pad>, <sos>, <eos>, <unk>")
            }
            Self::Twice { found, line } => write!(f, "{found:?} is in line {line} already"),
            Self::Symbols { found, expected } => write!(f, "there are {found} tokens, expected {expected}"),
            Self::NoWords => f.write_str("there is nothing but the four special tokens, at least one word is expected"),
            Self::Extension { known } => write!(f, "the extension is unknown, expected {known}"),
        }
    }
}
