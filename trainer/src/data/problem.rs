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
    /// The file is of a kind that is not read, or takes more memory than allowed or available.
    Source(SourceError),
    /// A problem whose cause can be guessed.
    Hinted {
        /// Underlying problem.
        problem: Box<Problem>,
        /// Likely cause of the problem.
        hint: Hint,
    },
    /// A row of a table exceeds the maximum length.
    LongRow {
        /// Largest number of bytes allowed.
        bytes: usize,
        /// Largest number of cells allowed.
        cells: usize,
    },
    /// The names of two classes spell the same number.
    SameNumber {
        /// Name in question.
        name: String,
        /// Name of the first of the two classes.
        first: String,
    },
    /// There is no row of values, or no line of text.
    Empty,
    /// The file does not have the expected format.
    NotThe(&'static str),
    /// The file ends too early.
    Truncated,
    /// The file has bytes after its end.
    TrailingBytes,
    /// A byte is not valid UTF-8.
    NotUtf8 {
        /// Value of the byte.
        byte: u8,
    },
    /// A quoted field does not end.
    OpenQuote,
    /// A row has more or fewer columns than the first.
    Ragged {
        /// Number of columns of the row.
        found: usize,
        /// Number of columns of the first row.
        expected: usize,
    },
    /// The first line has numbers instead of column names.
    NoHeader,
    /// There is no column or array of this name.
    Missing {
        /// Name in question.
        name: String,
        /// Existing names.
        present: Box<[String]>,
    },
    /// Two columns have the same name.
    Duplicate {
        /// Name in question.
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
        /// Number found.
        found: String,
    },
    /// A label, group or sequence has an empty name.
    EmptyName,
    /// Two classes have the same name, so that a label could be either.
    SameClass {
        /// Name in question.
        name: String,
    },
    /// A label is not among the given classes.
    UnknownLabel {
        /// Label found.
        found: String,
        /// Classes expected.
        known: Box<[String]>,
    },
    /// A line has a label but no text.
    NoSentence,
    /// A word or character is not in the vocabulary.
    UnknownPiece {
        /// Word or character found.
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
        /// Label found.
        label: i64,
        /// The number of classes.
        classes: usize,
    },
    /// The number of channels or of classes is 0.
    NothingToLearn,
    /// The elements of an array have an unsupported type.
    NumberType {
        /// The type, as NumPy writes it.
        found: String,
    },
    /// An array has more or fewer bytes than its shape requires.
    ArrayBytes {
        /// Number of bytes of the elements.
        found: usize,
        /// Number of bytes that the shape requires.
        expected: usize,
    },
    /// An archive of arrays is damaged.
    Archive(String),
    /// A standard deviation is not above 0, or it or its reciprocal is not finite in `f32`.
    NotADeviation {
        /// Number found.
        found: String,
    },
    /// The options do not name exactly one array, although all values are in one.
    NotOneArray {
        /// Names found.
        found: Box<[String]>,
    },
    /// A number is not whole.
    NotWhole {
        /// Number found.
        found: String,
    },
    /// An array has a different shape from the one that the others require.
    Shape {
        /// Shape found.
        found: Box<[usize]>,
        /// Shape required.
        expected: String,
    },
    /// A sequence is longer than the array that holds it.
    Length {
        /// Length of the sequence.
        found: i64,
        /// Number of steps of the array.
        steps: usize,
    },
    /// There are more or fewer channels than the network reads.
    Channels {
        /// Channels of the data set.
        found: usize,
        /// Number of channels required.
        expected: usize,
    },
    /// A data set has more classes than its label type, or more classes or channels than any network can have.
    TooMany {
        /// Kind of thing counted.
        what: &'static str,
        /// The number found.
        found: usize,
        /// The largest number allowed.
        most: usize,
    },
    /// There are more or fewer names than classes.
    ClassNames {
        /// Names found.
        found: usize,
        /// Classes expected.
        expected: usize,
    },
    /// A sequence has the wrong kind of label.
    Labelling {
        /// Kind of label found.
        found: &'static str,
        /// Kind of label expected.
        expected: &'static str,
    },
    /// A format cannot hold a sequence without steps.
    NoSteps,
    /// The words or characters do not fit into the vocabulary.
    Vocabulary(VocabularyError),
    /// A special token, with which every vocabulary begins, is missing or out of order.
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
        /// Number of the earlier line.
        line: usize,
    },
    /// The number of tokens differs from the number of symbols that the network reads.
    Symbols {
        /// Number of tokens.
        found: usize,
        /// Symbols that the network reads.
        expected: usize,
    },
    /// There are no words besides the special tokens.
    NoWords,
    /// The extension of a file is unknown.
    Extension {
        /// Known formats.
        known: &'static str,
    },
}

/// Likely cause of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Columns are separated by this character.
    Delimiter(char),
    /// A number has a decimal comma instead of a point.
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

/// Returns `true` for a number with one comma and no points except between thousands.
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
