use super::header::{Header, Kind};
use super::window::{Window, mismatch};
use crate::data::{DataError, MOST, Place, Problem};
use elman_files::source::SourceError;
use std::cell::RefCell;
use std::io::{self, Read, Write};

/// An array as stored in its file; elements are read on demand, in file order.
pub struct Array<'a> {
    /// Name given to the array in errors.
    name: String,
    header: Header,
    elements: RefCell<Window<'a>>,
}

impl<'a> Array<'a> {
    /// Reads the header of an array, which determines how many bytes are read later; `length` is the total number of
    /// bytes, if known.
    ///
    /// # Errors
    /// [`DataError`] unless this is an array of numbers or text within the limit.
    pub fn open(name: &str, input: impl Read + 'a, length: Option<u64>, limit: u64) -> Result<Self, DataError> {
        let array = Self::try_open(name, input, length, limit);
        array.map_err(|problem| DataError::new(Place::Array(name.to_string()), problem))
    }

    fn try_open(name: &str, mut input: impl Read + 'a, length: Option<u64>, limit: u64) -> Result<Self, Problem> {
        let (header, start) = Header::read(&mut input)?;
        let expected = header.bytes().unwrap_or(u64::MAX);
        let found = length.map(|length| length.saturating_sub(start));
        if let Some(found) = found.filter(|&found| found != expected) {
            return Err(mismatch(found, expected));
        }
        if expected > limit {
            return Err(SourceError::TooLarge { limit }.into());
        }
        // If the first index changes fastest, the elements of a sequence are far apart.
        let scattered = header.fortran && header.shape.iter().filter(|&&axis| axis > 1).count() > 1;
        let elements = RefCell::new(Window::new(input, expected, scattered));
        Ok(Self { name: name.to_string(), header, elements })
    }

    /// Reads the remaining bytes.
    ///
    /// # Errors
    /// [`DataError`] unless the bytes end with the last element and, in an archive, match the checksum.
    pub fn finish(&self) -> Result<(), DataError> {
        self.elements.borrow_mut().finish().map_err(|problem| DataError::new(Place::Array(self.name.clone()), problem))
    }

    pub fn shape(&self) -> &[usize] {
        &self.header.shape
    }

    /// Returns `true` if the elements are text.
    pub fn is_text(&self) -> bool {
        matches!(self.header.element.kind, Kind::Text | Kind::Bytes)
    }

    /// Returns an element as a number.
    pub fn number(&self, index: &[usize]) -> Result<f64, DataError> {
        let raw = self.raw(index)?;
        match (self.header.element.kind, self.header.element.size) {
            (Kind::Signed, _) => Ok(self.signed(raw) as f64),
            (Kind::Unsigned, _) => Ok(raw as f64),
            (Kind::Float, 2) => Ok(half::f16::from_bits(raw as u16).to_f64()),
            (Kind::Float, 4) => Ok(f32::from_bits(raw as u32).into()),
            (Kind::Float, _) => Ok(f64::from_bits(raw)),
            (Kind::Text | Kind::Bytes, _) => {
                Err(self.error(index, Problem::NotANumber { found: self.name_at(index)? }))
            }
        }
    }

    /// Returns an element as a name: text, or a whole number in digits.
    pub fn name_at(&self, index: &[usize]) -> Result<String, DataError> {
        let raw = || self.raw(index);
        match self.header.element.kind {
            Kind::Signed => Ok(self.signed(raw()?).to_string()),
            Kind::Unsigned => Ok(raw()?.to_string()),
            Kind::Float => self.whole(index).map(|number| number.to_string()),
            Kind::Text | Kind::Bytes => self.text(index),
        }
    }

    /// Returns an element as a whole number.
    pub fn whole(&self, index: &[usize]) -> Result<i64, DataError> {
        let number = self.number(index)?;
        let whole = number as i64;
        if whole as f64 == number {
            Ok(whole)
        } else {
            Err(self.error(index, Problem::NotWhole { found: number.to_string() }))
        }
    }

    /// Returns an error about an element.
    pub fn error(&self, index: &[usize], problem: Problem) -> DataError {
        DataError::new(Place::Element { array: self.name.clone(), index: index.into() }, problem)
    }

    /// Returns the elements as names; there must be `count` of them.
    pub fn names(&self, count: usize) -> Result<Vec<String>, DataError> {
        self.expect(count)?;
        if count > MOST {
            let problem = Problem::TooMany { what: "names", found: count, most: MOST };
            return Err(DataError::new(Place::Array(self.name.clone()), problem));
        }
        (0..count).map(|index| self.name_at(&[index])).collect()
    }

    /// Returns an error unless the array has one axis of `count` elements.
    pub fn expect(&self, count: usize) -> Result<(), DataError> {
        if self.shape() == [count] { Ok(()) } else { Err(self.shape_error(&format!("[{count}]"))) }
    }

    pub fn shape_error(&self, expected: &str) -> DataError {
        let problem = Problem::Shape { found: self.shape().into(), expected: expected.to_string() };
        DataError::new(Place::Array(self.name.clone()), problem)
    }

    pub fn too_many_channels(&self, found: usize) -> DataError {
        DataError::new(Place::Array(self.name.clone()), Problem::TooMany { what: "channels", found, most: MOST })
    }

    fn text(&self, index: &[usize]) -> Result<String, DataError> {
        let text = self.element(index, |bytes| match self.header.element.kind {
            Kind::Text => {
                bytes.as_chunks::<4>().0.iter().map(|bytes| char::from_u32(self.word(bytes) as u32)).collect()
            }
            _ => str::from_utf8(bytes).ok().map(str::to_string),
        })?;
        let text = text.ok_or_else(|| self.error(index, Problem::NotThe("valid text")))?;
        Ok(text.trim_end_matches('\0').to_string())
    }

    /// Returns the bits of a number.
    fn raw(&self, index: &[usize]) -> Result<u64, DataError> {
        self.element(index, |bytes| self.word(bytes))
    }

    fn word(&self, bytes: &[u8]) -> u64 {
        let join = |word: u64, &byte: &u8| word << 8 | u64::from(byte);
        if self.header.element.big_endian { bytes.iter().fold(0, join) } else { bytes.iter().rev().fold(0, join) }
    }

    fn signed(&self, raw: u64) -> i64 {
        let unused = 64 - 8 * self.header.element.size as u32;
        (raw << unused) as i64 >> unused
    }

    fn element<Y>(&self, index: &[usize], read: impl FnOnce(&[u8]) -> Y) -> Result<Y, DataError> {
        let size = self.header.element.size;
        let mut elements = self.elements.borrow_mut();
        let bytes = elements.get(size * self.place(index), size);
        bytes.map(read).map_err(|problem| DataError::new(Place::Array(self.name.clone()), problem))
    }

    /// Returns the number of elements before the one with this index.
    fn place(&self, index: &[usize]) -> usize {
        let join = |place: usize, (&index, &axis): (&usize, &usize)| place * axis + index;
        let axes = index.iter().zip(&self.header.shape);
        if self.header.fortran { axes.rev().fold(0, join) } else { axes.fold(0, join) }
    }
}

/// Writes the header that precedes the elements of an array; `element` is a type such as `<f4`.
pub fn write_header(element: &str, shape: &[usize], sink: &mut dyn Write) -> io::Result<()> {
    let shape: String = shape.iter().map(|axis| format!("{axis}, ")).collect();
    let header = format!("{{'descr': '{element}', 'fortran_order': False, 'shape': ({shape}), }}");
    // The elements begin at a multiple of 64, after a line end.
    let length = (10 + header.len() + 1).next_multiple_of(64) - 10;
    sink.write_all(b"\x93NUMPY\x01\x00")?;
    sink.write_all(&(length as u16).to_le_bytes())?;
    writeln!(sink, "{header:<width$}", width = length - 1)
}
