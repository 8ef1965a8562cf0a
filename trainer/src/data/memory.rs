use super::Problem;
use elman_files::source::SourceError;

/// Bytes that must still be free whenever the limit is checked, so that small allocations need no check.
const HEADROOM: usize = 64 << 20;
/// Bytes between two checks of the limit.
const INTERVAL: u64 = 16 << 20;

/// Memory used by a data set while it is read.
pub struct Budget {
    used: u64,
    limit: u64,
    probed: u64,
    /// Bytes that lists and copies of the names may still need.
    names: usize,
}

impl Budget {
    pub fn new(limit: u64) -> Self {
        Self { used: 0, limit, probed: 0, names: 0 }
    }

    /// Charges the memory of a name of `bytes` bytes: its letters, and its entries in a list and two hash
    /// tables. Sorting takes two more numbers per name.
    ///
    /// # Errors
    /// Same as [`charge`](Self::charge).
    pub fn charge_name(&mut self, bytes: usize) -> Result<(), Problem> {
        self.names += 24;
        self.charge(bytes + 48)
    }

    /// Adds `bytes` bytes to the memory used.
    ///
    /// # Errors
    /// [`Problem::Source`] if the limit is exceeded, or the machine is about to run out of memory.
    pub fn charge(&mut self, bytes: usize) -> Result<(), Problem> {
        self.used += bytes as u64;
        if self.used > self.limit {
            return Err(Problem::Source(SourceError::TooLarge { limit: self.limit }));
        }
        if self.used - self.probed < INTERVAL {
            return Ok(());
        }
        self.probed = self.used;
        room(&mut Vec::<u8>::new(), HEADROOM + self.names)
    }
}

/// Reserves room for `more` items. The capacity grows by a quarter, or by a few items if memory is short. Doubling,
/// as a vector does by itself, would need three times the memory while the items are moved.
pub fn room<T>(items: &mut Vec<T>, more: usize) -> Result<(), Problem> {
    if items.capacity() - items.len() >= more || items.try_reserve_exact(more.max(items.len() / 4 + 16)).is_ok() {
        return Ok(());
    }
    let few = more.saturating_add(items.len() / 16);
    let bytes = (items.len() as u64 + few as u64).saturating_mul(size_of::<T>() as u64);
    items.try_reserve_exact(few).map_err(|_| Problem::Source(SourceError::Memory { bytes }))
}
