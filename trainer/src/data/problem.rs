use elman::error::VocabularyError;
use elman_files::source::SourceError;
use std::io;

mod text;

/// Problem with a data set or one of its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The file cannot be read or written.
    Io(io::ErrorKind),
    /// The file is not a regular file, or takes more memory than allowed or available.
    Source(SourceError),
    /// A problem with a likely cause.
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
    /// There are bytes after the end of the data.
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
        /// Number of columns in the row.
        found: usize,
        /// Number of columns in the first row.
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
    /// Two classes have the same name, so that a label could mean either of them.
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
    /// A later row gives a sequence a label or group other than the earlier rows do.
    Changed {
        /// Name in the later row.
        found: Box<str>,
        /// Name in the earlier rows.
        expected: Box<str>,
    },
    /// A label is negative, or not below the number of classes.
    LabelOutOfRange {
        /// Label found.
        label: i64,
        /// Number of classes.
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
    /// The options do not name exactly one array, although one array holds all values.
    NotOneArray {
        /// Names found.
        found: Box<[String]>,
    },
    /// A number is not whole.
    NotWhole {
        /// Number found.
        found: String,
    },
    /// The shape of an array does not match the other arrays.
    Shape {
        /// Shape found.
        found: Box<[usize]>,
        /// Shape required.
        expected: String,
    },
    /// The length of a sequence is negative, or above the number of steps in its array.
    Length {
        /// Length of the sequence.
        found: i64,
        /// Number of steps in the array.
        steps: usize,
    },
    /// There are more or fewer channels than the network reads.
    Channels {
        /// Number of channels in the data set.
        found: usize,
        /// Number of channels required.
        expected: usize,
    },
    /// There are too many of something, such as more classes than the label type has, or more channels than
    /// any network can have.
    TooMany {
        /// Kind of thing counted.
        what: &'static str,
        /// Number found.
        found: usize,
        /// Largest number allowed.
        most: usize,
    },
    /// There are more or fewer names than classes.
    ClassNames {
        /// Number of names.
        found: usize,
        /// Number of classes.
        expected: usize,
    },
    /// A sequence has the wrong kind of label.
    Labelling {
        /// Kind of label found.
        found: &'static str,
        /// Kind of label expected.
        expected: &'static str,
    },
    /// The format cannot hold a sequence without steps.
    NoSteps,
    /// The words or characters do not fit into the vocabulary.
    Vocabulary(VocabularyError),
    /// A special token, with which every vocabulary begins, is missing or out of order.
    NotTheSpecial {
        /// Token found.
        found: Box<str>,
        /// Special token expected.
        expected: Box<str>,
    },
    /// An earlier line has the same text.
    Twice {
        /// Text of both lines.
        found: Box<str>,
        /// Number of the earlier line.
        line: usize,
    },
    /// The number of tokens differs from the number of symbols that the network reads.
    Symbols {
        /// Number of tokens.
        found: usize,
        /// Number of symbols that the network reads.
        expected: usize,
    },
    /// There are no words besides the special tokens.
    NoWords,
    /// The extension of a file is unknown.
    Extension {
        /// Known extensions.
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

/// Returns `true` for a number with one comma and no points other than thousands separators.
fn has_decimal_comma(text: &str) -> bool {
    let Some((whole, rest)) = text.split_once(',') else { return false };
    format!("{}.{rest}", whole.replace('.', "")).parse::<f64>().is_ok()
}
