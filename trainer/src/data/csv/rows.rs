use crate::data::memory::room;
use crate::data::{DataError, Place, Problem};
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use std::io::{ErrorKind, Read};

/// Number of bytes read at a time.
const CHUNK: usize = 1 << 16;
/// Largest number of bytes in a row. Without it, an unclosed quote would turn the whole file into one row.
const MOST_BYTES: usize = 1 << 26;
/// Largest number of cells in a row.
const MOST_CELLS: usize = 1 << 20;
/// Byte-order mark that may begin a text.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Reader for the rows of a text, with one row in memory at a time.
pub struct Rows<R> {
    input: R,
    buffer: Vec<u8>,
    /// Index of the next byte in the buffer.
    at: usize,
    reader: Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
    /// Number of bytes and cells in the current row.
    filled: (usize, usize),
    /// Line of the next byte, and first line of the current row.
    line: usize,
    begin: usize,
    /// Previous byte.
    before: u8,
    /// Number of rows read so far.
    count: usize,
    /// True if the current row must be returned again.
    again: bool,
}

/// A row and the line in which it begins.
pub struct Row<'a> {
    text: &'a str,
    ends: &'a [usize],
    pub line: usize,
}

impl<R: Read> Rows<R> {
    pub fn new(mut input: R, delimiter: u8) -> Result<Self, DataError> {
        let mut buffer = Vec::new();
        (&mut input).take(CHUNK as u64).read_to_end(&mut buffer).map_err(|error| failed(error.kind()))?;
        let at = if buffer.starts_with(MARK) { MARK.len() } else { 0 };
        let reader = ReaderBuilder::new().delimiter(delimiter).build();
        let (text, ends) = (vec![0; 1 << 10], vec![0; 1 << 6]);
        Ok(Self {
            input,
            buffer,
            at,
            reader,
            text,
            ends,
            filled: (0, 0),
            line: 1,
            begin: 1,
            before: 0,
            count: 0,
            again: false,
        })
    }

    /// Returns the next row that is not empty, with any number of cells.
    pub fn next(&mut self) -> Result<Option<Row<'_>>, DataError> {
        if !std::mem::take(&mut self.again) && !self.advance()? {
            return Ok(None);
        }
        Ok(Some(self.row()))
    }

    /// Returns the number of rows read so far, including the header.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Makes [`next`](Self::next) return the current row again.
    pub fn repeat(&mut self) {
        self.again = true;
    }

    fn row(&self) -> Row<'_> {
        let (bytes, cells) = self.filled;
        Row {
            text: str::from_utf8(&self.text[..bytes]).unwrap_or_default(),
            ends: &self.ends[..cells],
            line: self.begin,
        }
    }

    fn advance(&mut self) -> Result<bool, DataError> {
        while self.skip_line_ends()? {
            self.record()?;
            self.count += 1;
            let row = self.row();
            if row.len() > 1 || !row.cell(0).is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Skips to the beginning of a row; returns `false` at the end of the input.
    fn skip_line_ends(&mut self) -> Result<bool, DataError> {
        loop {
            let rest = &self.buffer[self.at..];
            let count = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            let found = count < rest.len();
            self.consume(count);
            if found || !self.fill()? {
                return Ok(found);
            }
        }
    }

    fn record(&mut self) -> Result<(), DataError> {
        self.begin = self.line;
        self.filled = (0, 0);
        loop {
            let more = self.at < self.buffer.len() || self.fill()?;
            // At the end of the input, a line end completes the row unless a quote is open.
            let input = if more { &self.buffer[self.at..] } else { b"\n" };
            let (bytes, cells) = self.filled;
            let (text, ends) = (&mut self.text[bytes..], &mut self.ends[cells..]);
            let (result, read, written, ended) = self.reader.read_record(input, text, ends);
            self.filled = (bytes + written, cells + ended);
            if more {
                self.consume(read);
            }
            match result {
                ReadRecordResult::InputEmpty if !more => return Err(self.error(Problem::OpenQuote)),
                ReadRecordResult::InputEmpty => (),
                ReadRecordResult::OutputFull => {
                    grow(&mut self.text, MOST_BYTES).map_err(|problem| self.error(problem))?
                }
                ReadRecordResult::OutputEndsFull => {
                    grow(&mut self.ends, MOST_CELLS).map_err(|problem| self.error(problem))?;
                }
                ReadRecordResult::Record | ReadRecordResult::End => return self.check(),
            }
        }
    }

    /// Returns an error if a cell is not UTF-8. Checks each cell alone, since two halves of a character in adjacent
    /// cells would be valid if they were joined.
    fn check(&self) -> Result<(), DataError> {
        let (bytes, cells) = self.filled;
        let mut start = 0;
        if self.text[..bytes].is_ascii() {
            return Ok(());
        }
        for &end in &self.ends[..cells] {
            if let Err(error) = str::from_utf8(&self.text[start..end]) {
                let bad = start + error.valid_up_to();
                let above = self.text[..bad].iter().filter(|&&byte| byte == b'\n').count();
                let problem = Problem::NotUtf8 { byte: self.text[bad] };
                return Err(DataError::new(Place::Line(self.begin + above), problem));
            }
            start = end;
        }
        Ok(())
    }

    /// Advances by `count` bytes and counts the line ends among them: those of Unix, Windows or old Macintosh.
    fn consume(&mut self, count: usize) {
        for &byte in &self.buffer[self.at..self.at + count] {
            self.line += usize::from(byte == b'\r' || byte == b'\n' && self.before != b'\r');
            self.before = byte;
        }
        self.at += count;
    }

    /// Reads more input once the buffer is used up; returns `false` at the end of the input.
    fn fill(&mut self) -> Result<bool, DataError> {
        self.at = 0;
        self.buffer.clear();
        let read = (&mut self.input).take(CHUNK as u64).read_to_end(&mut self.buffer);
        Ok(read.map_err(|error| failed(error.kind()))? > 0)
    }

    /// Returns an error about the current row.
    fn error(&self, problem: Problem) -> DataError {
        DataError::new(Place::Line(self.begin), problem)
    }
}

impl<'a> Row<'a> {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns a cell without the spaces around it.
    pub fn cell(&self, column: usize) -> &'a str {
        self.whole(column).trim()
    }

    /// Returns all cells, without the spaces around them.
    pub fn cells(&self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).map(|column| self.cell(column))
    }

    /// Returns the line in which a cell begins.
    pub fn line_of(&self, column: usize) -> usize {
        self.line + (0..column).map(|before| line_ends(self.whole(before))).sum::<usize>()
    }

    fn whole(&self, column: usize) -> &'a str {
        let start = column.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.ends.get(column).and_then(|&end| self.text.get(start..end)).unwrap_or_default()
    }
}

fn grow<T: Copy + Default>(items: &mut Vec<T>, most: usize) -> Result<(), Problem> {
    let length = items.len();
    if length >= most {
        return Err(Problem::LongRow { bytes: MOST_BYTES, cells: MOST_CELLS });
    }
    room(items, length)?;
    items.resize(2 * length, T::default());
    Ok(())
}

fn failed(kind: ErrorKind) -> DataError {
    DataError::whole(Problem::Io(kind))
}

fn line_ends(text: &str) -> usize {
    text.matches(['\r', '\n']).count() - text.matches("\r\n").count()
}
