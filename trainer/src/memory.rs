//! Large values on the heap without a copy on the stack.

use zerocopy::FromZeros;

/// Returns a zeroed value on the heap, for a network or workspace that is too large for the stack. If there is not
/// enough memory, the program is aborted, as for any allocation.
#[must_use]
pub fn zeroed<T: FromZeros>() -> Box<T> {
    T::new_box_zeroed().unwrap_or_else(|_| std::alloc::handle_alloc_error(std::alloc::Layout::new::<T>()))
}
