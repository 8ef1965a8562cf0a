use crate::data::Problem;
use std::io::{self, Read};

const MAGIC: &[u8] = b"\x93NUMPY";
/// Largest size of a header in bytes; NumPy's own headers take a few hundred.
const LONGEST: u64 = 1 << 20;
const NOT_AN_ARRAY: Problem = Problem::NotThe("a NumPy array");

/// Header that precedes the elements of an array.
#[derive(Debug)]
pub struct Header {
    pub element: Element,
    /// True if the first index changes fastest.
    pub fortran: bool,
    pub shape: Vec<usize>,
}

/// Type of an element.
#[derive(Clone, Copy, Debug)]
pub struct Element {
    pub kind: Kind,
    /// Size in bytes, at least one, so that the size of a file bounds the number of elements.
    pub size: usize,
    /// True if the first byte is the most significant.
    pub big_endian: bool,
}

#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Signed,
    /// Unsigned integers and booleans.
    Unsigned,
    Float,
    /// UTF-32, padded with zeros.
    Text,
    /// UTF-8, padded with zeros.
    Bytes,
}

impl Header {
    /// Reads a header and returns it with its length in bytes.
    pub fn read(input: &mut impl Read) -> Result<(Self, u64), Problem> {
        let mut begin = take(input, 10)?;
        let rest = begin.strip_prefix(MAGIC).ok_or(NOT_AN_ARRAY)?;
        let length = match *rest {
            [1, _, a, b] => u64::from(u16::from_le_bytes([a, b])),
            [2 | 3, _, a, b] => {
                let high = take(input, 2)?;
                begin.extend(&high);
                u64::from(u32::from_le_bytes([a, b, high[0], high[1]]))
            }
            _ => return Err(NOT_AN_ARRAY),
        };
        if length > LONGEST {
            return Err(NOT_AN_ARRAY);
        }
        let text = take(input, length)?;
        let text = str::from_utf8(&text).map_err(|_| NOT_AN_ARRAY)?;
        Ok((Literal(text).header()?, begin.len() as u64 + length))
    }

    /// Returns the total number of bytes of the elements; `None` on overflow.
    pub fn bytes(&self) -> Option<u64> {
        let count = self.shape.iter().try_fold(self.element.size, |size, &axis| size.checked_mul(axis));
        count.and_then(|count| count.try_into().ok())
    }
}

fn take(input: &mut impl Read, count: u64) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let read = input.take(count).read_to_end(&mut bytes);
    let whole = read.map_err(|error| failed(&error))? as u64 == count;
    if whole { Ok(bytes) } else { Err(NOT_AN_ARRAY) }
}

/// Returns the problem behind an error from an archive or from the system.
pub fn failed(error: &io::Error) -> Problem {
    if error.get_ref().is_some() { Problem::Archive(error.to_string()) } else { Problem::Io(error.kind()) }
}

impl Element {
    /// Parses NumPy's name for an element type, such as `<f4`.
    fn parse(text: &str) -> Result<Self, Problem> {
        let unknown = || Problem::NumberType { found: text.to_string() };
        let (order, rest) = text.split_at_checked(1).ok_or_else(unknown)?;
        let (letter, count) = rest.split_at_checked(1).ok_or_else(unknown)?;
        let count: usize = count.parse().map_err(|_| unknown())?;
        let (kind, size) = match (letter, count) {
            ("b", 1) => (Kind::Unsigned, 1),
            ("i", 1 | 2 | 4 | 8) => (Kind::Signed, count),
            ("u", 1 | 2 | 4 | 8) => (Kind::Unsigned, count),
            ("f", 2 | 4 | 8) => (Kind::Float, count),
            ("U", 1..) => (Kind::Text, count.checked_mul(4).ok_or_else(unknown)?),
            ("S", 1..) => (Kind::Bytes, count),
            _ => return Err(unknown()),
        };
        Ok(Self { kind, size, big_endian: order == ">" })
    }
}

/// Unread rest of the text of a Python dictionary.
struct Literal<'a>(&'a str);

impl<'a> Literal<'a> {
    fn header(mut self) -> Result<Header, Problem> {
        let (mut element, mut fortran, mut shape) = (None, None, None);
        self.expect("{")?;
        while !self.skip("}") {
            let key = self.string()?;
            self.expect(":")?;
            match key {
                "descr" => element = Some(Element::parse(self.description()?)?),
                "fortran_order" => fortran = Some(self.boolean()?),
                "shape" => shape = Some(self.tuple()?),
                _ => return Err(NOT_AN_ARRAY),
            }
            self.skip(",");
        }
        match (element, fortran, shape) {
            (Some(element), Some(fortran), Some(shape)) => Ok(Header { element, fortran, shape }),
            _ => Err(NOT_AN_ARRAY),
        }
    }

    /// Skips a symbol or word if it comes next. Returns `true` if it was skipped.
    fn skip(&mut self, sign: &str) -> bool {
        let rest = self.0.trim_start().strip_prefix(sign);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn expect(&mut self, sign: &str) -> Result<(), Problem> {
        if self.skip(sign) { Ok(()) } else { Err(NOT_AN_ARRAY) }
    }

    /// Reads the type of an element. A record of named fields, which is written as a list, is not supported.
    fn description(&mut self) -> Result<&'a str, Problem> {
        if self.0.trim_start().starts_with('[') {
            return Err(Problem::NumberType { found: "record".to_string() });
        }
        self.string()
    }

    fn string(&mut self) -> Result<&'a str, Problem> {
        self.expect("'")?;
        let (string, rest) = self.0.split_once('\'').ok_or(NOT_AN_ARRAY)?;
        self.0 = rest;
        Ok(string)
    }

    fn boolean(&mut self) -> Result<bool, Problem> {
        let yes = self.skip("True");
        if yes || self.skip("False") { Ok(yes) } else { Err(NOT_AN_ARRAY) }
    }

    fn tuple(&mut self) -> Result<Vec<usize>, Problem> {
        let mut numbers = Vec::new();
        self.expect("(")?;
        while !self.skip(")") {
            let text = self.0.trim_start();
            let end = text.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(text.len());
            numbers.push(text[..end].parse().map_err(|_| NOT_AN_ARRAY)?);
            self.0 = &text[end..];
            self.skip(",");
        }
        Ok(numbers)
    }
}
