//! Large values on the heap without a copy on the stack.

use zerocopy::FromZeros;

/// A value of all zeros, made where it stays: a network or a workspace too large for the stack.
///
/// # Panics
/// If there is no memory left.
#[must_use]
pub fn zeroed<T: FromZeros>() -> Box<T> {
    T::new_box_zeroed().unwrap_or_else(|_| std::alloc::handle_alloc_error(std::alloc::Layout::new::<T>()))
}
