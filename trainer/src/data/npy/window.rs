use super::header::failed;
use crate::data::Problem;
use crate::data::memory::room;
use std::io::Read;
use std::ops::Range;

/// Number of bytes read at a time.
const CHUNK: usize = 1 << 16;

/// Reader for the bytes of an array's elements. Only the latest bytes stay in memory, or all of them if
/// `keep` is set, for elements that are read out of order.
pub struct Window<'a> {
    input: Box<dyn Read + 'a>,
    expected: u64,
    /// Offset of the first byte in memory.
    start: u64,
    bytes: Vec<u8>,
    keep: bool,
}

impl<'a> Window<'a> {
    pub fn new(input: impl Read + 'a, expected: u64, keep: bool) -> Self {
        // One more byte than expected reveals an input that is too long, and makes an archive check its checksum.
        let input = Box::new(input.take(expected.saturating_add(1)));
        Self { input, expected, start: 0, bytes: Vec::new(), keep }
    }

    /// Returns `size` bytes at offset `at`; unless all bytes are kept, offsets must not decrease.
    pub fn get(&mut self, at: usize, size: usize) -> Result<&[u8], Problem> {
        loop {
            let found = self.found(at, size);
            if found.end <= self.bytes.len() {
                return Ok(&self.bytes[found]);
            }
            if !self.more(found.start)? {
                return Err(mismatch(self.read(), self.expected));
            }
        }
    }

    /// Reads the remaining bytes.
    pub fn finish(&mut self) -> Result<(), Problem> {
        while self.more(self.bytes.len())? {}
        if self.read() == self.expected { Ok(()) } else { Err(mismatch(self.read(), self.expected)) }
    }

    fn found(&self, at: usize, size: usize) -> Range<usize> {
        let start = at - self.start as usize;
        start..start + size
    }

    /// Returns the number of bytes read.
    fn read(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }

    /// Reads more bytes, dropping those before `used` unless all are kept; returns `false` at the end of the
    /// input.
    fn more(&mut self, used: usize) -> Result<bool, Problem> {
        if !self.keep {
            let used = used.min(self.bytes.len());
            self.bytes.drain(..used);
            self.start += used as u64;
        }
        room(&mut self.bytes, CHUNK)?;
        let read = (&mut self.input).take(CHUNK as u64).read_to_end(&mut self.bytes);
        Ok(read.map_err(|error| failed(&error))? > 0)
    }
}

/// Returns the problem of an array with too many or too few bytes.
pub fn mismatch(found: u64, expected: u64) -> Problem {
    Problem::ArrayBytes { found: found as usize, expected: expected as usize }
}
