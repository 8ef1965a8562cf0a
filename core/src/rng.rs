//! Small pseudo-random number generator, with which a seed gives the same network everywhere.

use crate::math::{Math, Scalar, Zero};

#[cfg(feature = "rand_core")]
mod adapter;

#[cfg(feature = "rand_core")]
pub use adapter::FromRandCore;

/// Largest number of tries of a rejection method, so that a broken generator cannot hang the program. With a sound
/// generator, all tries fail with a probability of at most 2⁻³².
const TRIES: usize = 32;

/// Source of random bits: [`Xoshiro128`], the caller's own generator, or any generator of `rand_core` (with the feature
/// of that name).
///
/// Every value drawn is determined by the bits, so all values are the same on every processor.
pub trait Random {
    /// Returns the next 32 random bits.
    fn next_u32(&mut self) -> u32;

    /// Returns an integer, uniform in 0 .. `n`, or 0 if `n` is 0.
    ///
    /// There is no bias, except that the last of 32 tries is accepted in any case, which matters in at most one of 2³²
    /// draws. Lemire, "Fast random integer generation in an interval", ACM TOMACS 29 (2019).
    fn below(&mut self, n: u32) -> u32 {
        let mut product = widen(self.next_u32(), n);
        if (product as u32) < n {
            let threshold = n.wrapping_neg() % n;
            for _ in 1..TRIES {
                if product as u32 >= threshold {
                    break;
                }
                product = widen(self.next_u32(), n);
            }
        }
        (product >> 32) as u32
    }

    /// Returns a number uniform in \[0, 1), a multiple of 2⁻²⁴.
    fn unit_f32(&mut self) -> f32 {
        // Both factors and the product are exact.
        (self.next_u32() >> 8) as f32 * (1.0 / 16_777_216.0)
    }

    /// Returns low + (high − low) · [`unit_f32`](Self::unit_f32), in \[`low`, `high`\].
    fn uniform<T: Scalar>(&mut self, low: T, high: T) -> T {
        low + (high - low) * T::from_f32(self.unit_f32())
    }

    /// Returns a number from the standard normal distribution, with mean 0 and variance 1.
    ///
    /// Uses the polar method, which needs no trigonometric functions: it draws points in a square until one is inside
    /// the unit circle, which takes 1.27 tries on average. Returns 0 if 32 tries fail. Marsaglia and Bray, "A
    /// convenient method for generating normal variables", SIAM Review 6 (1964).
    fn normal<M: Math>(&mut self) -> M::Scalar {
        let (zero, one) = (M::Scalar::ZERO, M::Scalar::ONE);
        for _ in 0..TRIES {
            let u = self.uniform(-one, one);
            let v = self.uniform(-one, one);
            let s = u * u + v * v;
            if zero < s && s < one {
                return u * M::sqrt(-(M::ln(s) + M::ln(s)) / s);
            }
        }
        zero
    }

    /// Shuffles `items`, with all orders equally probable. Durstenfeld, Algorithm 235, CACM 7 (1964).
    fn shuffle<U>(&mut self, items: &mut [U]) {
        for last in (1..items.len()).rev() {
            // `below` draws among at most 2³² − 1 items.
            let other = self.below(u32::try_from(last + 1).unwrap_or(u32::MAX)) as usize;
            // Fails if both indices are the same, when there is nothing to swap. Unlike indexing, it has no panic.
            if let Ok([a, b]) = items.get_disjoint_mut([last, other]) {
                core::mem::swap(a, b);
            }
        }
    }
}

fn widen(a: u32, b: u32) -> u64 {
    u64::from(a) * u64::from(b)
}

impl<R: Random> Random for &mut R {
    fn next_u32(&mut self) -> u32 {
        (**self).next_u32()
    }
}

/// Generator xoshiro128++: 16 bytes of state, period 2¹²⁸ − 1, only 32-bit additions, shifts and exclusive ors. Do not
/// use it for secrets.
///
/// Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47 (2021),
/// <https://prng.di.unimi.it>.
///
/// ```
/// use elman::{Random, Xoshiro128};
/// let mut rng = Xoshiro128::from_seed(42);
/// let saved = rng.state();
/// let next = rng.next_u32();
/// assert_eq!(Xoshiro128::from_state(saved).next_u32(), next);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Xoshiro128([u32; 4]);

impl Xoshiro128 {
    /// Creates a generator whose state is the first 128 bits of SplitMix64 for `seed`, as the authors advise. Any seed
    /// will do.
    #[must_use]
    pub const fn from_seed(seed: u64) -> Self {
        let (a, b) = (split_mix(seed, 1), split_mix(seed, 2));
        Self([a as u32, (a >> 32) as u32, b as u32, (b >> 32) as u32])
    }

    /// Creates a generator that continues from a [`state`](Self::state). An all-zero state, which would give only
    /// zeros, is replaced by that of seed 0.
    #[must_use]
    pub const fn from_state(state: [u32; 4]) -> Self {
        if matches!(state, [0, 0, 0, 0]) { Self::from_seed(0) } else { Self(state) }
    }

    /// Returns the state, so that an interrupted training run can continue with the same bits.
    #[must_use]
    pub const fn state(&self) -> [u32; 4] {
        self.0
    }
}

impl Random for Xoshiro128 {
    fn next_u32(&mut self) -> u32 {
        let [mut a, mut b, mut c, mut d] = self.0;
        let result = a.wrapping_add(d).rotate_left(7).wrapping_add(a);
        let shifted = b << 9;
        c ^= a;
        d ^= b;
        b ^= c;
        a ^= d;
        c ^= shifted;
        self.0 = [a, b, c, d.rotate_left(11)];
        result
    }
}

/// Returns output `index` of SplitMix64, counted from 1. Steele, Lea and Flood, OOPSLA 2014.
const fn split_mix(seed: u64, index: u64) -> u64 {
    let z = seed.wrapping_add(index.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
