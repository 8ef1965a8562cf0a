//! A small pseudo-random generator, so that one seed gives one network everywhere.

/// Where random bits come from: our [`Xoshiro128`], the caller's own generator, or any of `rand_core` (feature).
pub trait Random {
    /// The next 32 random bits.
    fn next_u32(&mut self) -> u32;
}
