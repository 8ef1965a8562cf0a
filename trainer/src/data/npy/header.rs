use crate::data::Problem;

const MAGIC: &[u8] = b"\x93NUMPY";
const NOT_AN_ARRAY: Problem = Problem::NotThe("an array of NumPy");

/// What stands before the elements of an array.
#[derive(Debug)]
pub struct Header {
    pub element: Element,
    /// The first index changes fastest.
    pub fortran: bool,
    pub shape: Vec<usize>,
}

/// What an element is.
#[derive(Clone, Copy, Debug)]
pub struct Element {
    pub kind: Kind,
    /// Its bytes, at least one: the bytes of a file bound its elements.
    pub size: usize,
    /// The first byte is the most significant.
    pub big_endian: bool,
}

#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Signed,
    /// Booleans too.
    Unsigned,
    Float,
    /// UTF-32, filled up with zeros.
    Text,
    /// UTF-8, filled up with zeros.
    Bytes,
}

impl Header {
    /// The header that `bytes` begin with, and how long it is.
    pub fn parse(bytes: &[u8]) -> Result<(Self, usize), Problem> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(NOT_AN_ARRAY)?;
        let (length, start): (_, usize) = match *rest {
            [1, _, a, b, ..] => (usize::from(u16::from_le_bytes([a, b])), 10),
            [2 | 3, _, a, b, c, d, ..] => (u32::from_le_bytes([a, b, c, d]) as usize, 12),
            _ => return Err(NOT_AN_ARRAY),
        };
        let text = bytes.get(start..start.saturating_add(length)).ok_or(NOT_AN_ARRAY)?;
        let text = str::from_utf8(text).map_err(|_| NOT_AN_ARRAY)?;
        Ok((Literal(text).header()?, start + length))
    }
}

impl Element {
    /// The element that NumPy calls by this text, such as `<f4`.
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

/// What is left of a dictionary as Python writes it.
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

    /// Takes a sign or word if it comes next.
    fn skip(&mut self, sign: &str) -> bool {
        let rest = self.0.trim_start().strip_prefix(sign);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn expect(&mut self, sign: &str) -> Result<(), Problem> {
        if self.skip(sign) { Ok(()) } else { Err(NOT_AN_ARRAY) }
    }

    /// What an element is; a record of named fields is a list and not read.
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
