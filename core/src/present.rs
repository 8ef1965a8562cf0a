//! Access by indices that are valid by construction.
//!
//! A release build of the core cannot panic, so at a wrong index the missing item is left out. Debug builds, and so the
//! tests, panic at such an index. A default value elsewhere in the core is meant as a value, not as a guard.

use crate::zero::Zero;
use core::ops::Range;
use core::slice::SliceIndex;

/// Returns `place`, which must not be `None`; debug builds panic if it is.
#[track_caller]
#[inline(always)]
pub(crate) fn present<T>(place: Option<T>) -> Option<T> {
    debug_assert!(place.is_some(), "there is no item here: an index in the core is wrong");
    place
}

/// Returns element `index`, which must exist.
#[track_caller]
#[inline(always)]
pub(crate) fn number<T: Copy + Zero>(numbers: &[T], index: usize) -> T {
    present(numbers.get(index)).copied().unwrap_or(T::ZERO)
}

/// Returns the items at `range`, all of which must exist.
#[track_caller]
#[inline(always)]
pub(crate) fn part<T>(items: &[T], range: impl SliceIndex<[T], Output = [T]>) -> &[T] {
    present(items.get(range)).unwrap_or(&[])
}

/// Returns the items at `range`, as far as they exist. The range may lie partly or wholly past the end.
pub(crate) fn within<T>(items: &[T], range: Range<usize>) -> &[T] {
    items.get(range.start..range.end.min(items.len())).unwrap_or(&[])
}
