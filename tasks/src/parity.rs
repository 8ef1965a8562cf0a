//! Parity of the bits read so far: is the number of ones odd?
//!
//! The parity of n bits depends on all of them, and the network must answer after every bit. One bit of memory is enough,
//! but without it every answer is a guess.

use elman::{Class, Random, Token};

/// `T` random bits, each with its label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parity<const T: usize> {
    /// Bits; 0 and 1 are equally likely.
    pub bits: [Token<2>; T],
    /// Label after each bit: 1 if the number of ones so far is odd.
    pub labels: [Class<2>; T],
}

impl<const T: usize> Parity<T> {
    /// Draws the bits.
    pub fn draw(rng: &mut impl Random) -> Self {
        let bits = core::array::from_fn(|_| bit(rng.below(2) == 1));
        let mut odd = false;
        let labels = bits.map(|one| {
            odd ^= one == bit(true);
            bit(odd)
        });
        Self { bits, labels }
    }
}

/// Returns token 1 for `true`, otherwise token 0.
fn bit(one: bool) -> Token<2> {
    Token::new(usize::from(one)).unwrap_or_default()
}
