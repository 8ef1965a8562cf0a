use crate::ImportError;
use std::hint::black_box;

/// Returns an error if an allocation of `more` bytes would exceed the available memory or, together with the
/// bytes already `taken`, the limit.
pub fn check(taken: u64, more: u64, limit: u64) -> Result<(), ImportError> {
    let needs = taken.saturating_add(more);
    if needs > limit {
        return Err(ImportError::Limit { needs, limit });
    }
    reserve(more)
}

/// Returns an error if `needs` bytes cannot be allocated. Allocates them at once and releases them again, because
/// a smaller allocation that failed later would end the program.
pub fn reserve(needs: u64) -> Result<(), ImportError> {
    let mut room: Vec<u8> = Vec::new();
    let reserved = usize::try_from(needs).is_ok_and(|needs| room.try_reserve_exact(needs).is_ok());
    // An unused allocation could be optimised away.
    black_box(&room);
    if reserved { Ok(()) } else { Err(ImportError::Memory { needs }) }
}
