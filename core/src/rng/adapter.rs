use super::{Random, Xoshiro128};
use core::convert::Infallible;
use rand_core::{Rng, SeedableRng, TryRng, utils};

/// Adapter from a generator of `rand_core` to [`Random`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FromRandCore<R>(pub R);

impl<R: Rng> Random for FromRandCore<R> {
    fn next_u32(&mut self) -> u32 {
        self.0.next_u32()
    }
}

impl TryRng for Xoshiro128 {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(Random::next_u32(self))
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        utils::next_u64_via_u32(self)
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        utils::fill_bytes_via_next_word(bytes, || self.try_next_u32())
    }
}

/// The seed is the state, in little-endian words.
impl SeedableRng for Xoshiro128 {
    type Seed = [u8; 16];
    fn from_seed(seed: [u8; 16]) -> Self {
        Self::from_state(utils::read_words(&seed))
    }
    fn seed_from_u64(seed: u64) -> Self {
        Self::from_seed(seed)
    }
}
