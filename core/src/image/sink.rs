//! Bytes passed piece by piece, counted, and padded to a multiple of 8.

use crate::present::part;

/// Number of bytes from `length` to the next multiple of 8.
pub(super) const fn padding(length: usize) -> usize {
    length.next_multiple_of(8) - length
}

/// Number of bytes that `write` passes.
pub(super) fn count(write: impl FnOnce(&mut dyn FnMut(&[u8]))) -> usize {
    let mut length = 0;
    write(&mut |bytes| length += bytes.len());
    length
}

/// Passes zeros after `length` bytes up to the next multiple of 8.
pub(super) fn pad(length: usize, sink: &mut dyn FnMut(&[u8])) {
    sink(part(&[0; 8], ..padding(length)));
}
