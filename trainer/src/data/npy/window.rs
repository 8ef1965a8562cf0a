use super::header::failed;
use crate::data::Problem;
use crate::data::memory::room;
use std::io::Read;
use std::ops::Range;

/// Bytes read at a time.
const CHUNK: usize = 1 << 16;

/// The bytes of an array's elements, of which those are in memory that were asked for last, or all if they are asked for in
/// another order.
pub struct Window<'a> {
    input: Box<dyn Read + 'a>,
    expected: u64,
    /// Place of the first byte in memory.
    start: u64,
    bytes: Vec<u8>,
    keep: bool,
}

impl<'a> Window<'a> {
    pub fn new(input: impl Read + 'a, expected: u64, keep: bool) -> Self {
        // One byte more than there should be shows what is too long, and lets an archive compare its checksum.
        let input = Box::new(input.take(expected.saturating_add(1)));
        Self { input, expected, start: 0, bytes: Vec::new(), keep }
    }

    /// The bytes at a place; without `keep`, not before those that were asked for last.
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

    /// Reads what is left.
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

    /// Reads more, in place of what stands before `used`; `false` at the end.
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

/// Too many bytes of elements, or too few.
pub fn mismatch(found: u64, expected: u64) -> Problem {
    Problem::ArrayBytes { found: found as usize, expected: expected as usize }
}
