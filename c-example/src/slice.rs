//! Slices built from C's pointers and lengths.

use core::slice::{from_raw_parts, from_raw_parts_mut};

/// Returns `length` values from `start` on; none if `start` is null.
///
/// # Safety
/// If `start` is not null, it must point to `length` values, and nothing may write to them during `'a`.
pub unsafe fn read<'a, T>(start: *const T, length: usize) -> &'a [T] {
    if start.is_null() {
        return &[];
    }
    // SAFETY: the caller's promise.
    unsafe { from_raw_parts(start, length) }
}

/// Mutable version of [`read`].
///
/// # Safety
/// If `start` is not null, it must point to `length` values, and nothing else may read or write them during `'a`.
pub unsafe fn write<'a, T>(start: *mut T, length: usize) -> &'a mut [T] {
    if start.is_null() {
        return &mut [];
    }
    // SAFETY: the caller's promise.
    unsafe { from_raw_parts_mut(start, length) }
}
