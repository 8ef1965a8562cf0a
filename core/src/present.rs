//! Places that are there by construction.
//!
//! No release build of the core can panic, so a wrong index cannot stop it: what is not there is left out. Debug builds, and so
//! the tests, stop where such an index is used. A default that does not come from here is a value, not a guard.

use crate::zero::Zero;
use core::ops::Range;
use core::slice::SliceIndex;

/// `place`, which is there.
#[track_caller]
#[inline(always)]
pub(crate) fn present<T>(place: Option<T>) -> Option<T> {
    debug_assert!(place.is_some(), "nothing is at this place: an index in the core is wrong");
    place
}

/// Number `index`, which is there.
#[track_caller]
#[inline(always)]
pub(crate) fn number<T: Copy + Zero>(numbers: &[T], index: usize) -> T {
    present(numbers.get(index)).copied().unwrap_or(T::ZERO)
}

/// Items at `range`, all of which are there.
#[track_caller]
#[inline(always)]
pub(crate) fn part<T>(items: &[T], range: impl SliceIndex<[T], Output = [T]>) -> &[T] {
    present(items.get(range)).unwrap_or(&[])
}

/// Items at `range`, as far as there are any: it may lie partly or wholly past the end.
pub(crate) fn within<T>(items: &[T], range: Range<usize>) -> &[T] {
    items.get(range.start..range.end.min(items.len())).unwrap_or(&[])
}
