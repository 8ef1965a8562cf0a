use crate::ImportError;
use std::hint::black_box;

/// Refuses what takes more memory than the limit with the bytes `taken` before, or more than there is.
pub fn check(taken: u64, more: u64, limit: u64) -> Result<(), ImportError> {
    let needs = taken.saturating_add(more);
    if needs > limit {
        return Err(ImportError::Limit { needs, limit });
    }
    reserve(more)
}

/// Refuses what takes more memory than there is: asked for in one piece, and given back, since a smaller request that fails
/// later ends the program.
pub fn reserve(needs: u64) -> Result<(), ImportError> {
    let mut room: Vec<u8> = Vec::new();
    let reserved = usize::try_from(needs).is_ok_and(|needs| room.try_reserve_exact(needs).is_ok());
    // An allocation that nothing uses may be optimised away.
    black_box(&room);
    if reserved { Ok(()) } else { Err(ImportError::Memory { needs }) }
}
