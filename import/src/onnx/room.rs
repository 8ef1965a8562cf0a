use super::node::Node;
use crate::{ImportError, memory};

/// Largest number of values to create for each byte of a file.
const NUMBERS: usize = 16;

/// Memory that may still be used, in proportion to the length of the file and within the limit.
#[derive(Clone, Copy)]
pub struct Room {
    numbers: usize,
    bytes: u64,
    limit: u64,
}

impl Room {
    /// Creates the allowance for a model of `length` bytes that takes `decoded` more bytes to decode.
    pub fn new(length: usize, decoded: u64, limit: u64) -> Result<Self, ImportError> {
        memory::check(length as u64, decoded, limit)?;
        let taken = length as u64 + decoded;
        Ok(Self { numbers: length.saturating_mul(NUMBERS), bytes: limit.saturating_sub(taken), limit })
    }

    /// Returns the number of bytes that may still be used.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Accounts for a file of `length` bytes read along with the model.
    pub fn file(&mut self, length: usize) {
        self.bytes = self.bytes.saturating_sub(length as u64);
        self.numbers = self.numbers.saturating_add(length.saturating_mul(NUMBERS));
    }

    /// Deducts the memory for `numbers` values.
    pub fn take(&mut self, node: Node<'_>, numbers: usize) -> Result<(), ImportError> {
        let left = self.numbers.checked_sub(numbers);
        self.numbers = left.ok_or_else(|| {
            node.refuse(format!("creates more values than a file of this length may: {NUMBERS} for each of its bytes"))
        })?;
        let needs = (numbers as u64).saturating_mul(8);
        let over = || ImportError::Limit { needs: (self.limit - self.bytes).saturating_add(needs), limit: self.limit };
        self.bytes = self.bytes.checked_sub(needs).ok_or_else(over)?;
        memory::reserve(needs)
    }
}
