//! The tokens before the next one, packed.

use elman::Token;

/// Bits of a token.
const BITS: u32 = 16;

/// Largest number of tokens that a history keeps.
pub const LONGEST: usize = (u128::BITS / BITS) as usize;

/// The last tokens of a text, at most [`LONGEST`]: a plain value, and a key to look counts up with.
///
/// ```
/// use elman::Token;
/// use elman_trainer::language::History;
/// let [a, b] = [Token::<3>::new(0)?, Token::<3>::new(2)?];
/// let mut history = History::EMPTY;
/// history.push(a);
/// history.push(b);
/// assert_eq!(history.len(), 2);
/// assert_eq!(history.last(1), [b].into_iter().collect());
/// # Ok::<(), elman::error::OutOfRange>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct History {
    /// The newest token lowest, each one more than its index, so that a longer history is never equal to a shorter one.
    tokens: u128,
}

impl History {
    /// Empty history.
    pub const EMPTY: Self = Self { tokens: 0 };

    /// Adds a token; of more than [`LONGEST`] the oldest is forgotten.
    pub fn push<const V: usize>(&mut self, token: Token<V>) {
        const { assert!(V < 1 << BITS, "a history keeps tokens of an alphabet of at most 65,535 symbols") }
        self.tokens = self.tokens << BITS | (token.index() as u128 + 1);
    }

    /// Returns the number of tokens it holds.
    #[must_use]
    pub const fn len(self) -> usize {
        (u128::BITS - self.tokens.leading_zeros()).div_ceil(BITS) as usize
    }

    /// Returns `true` if it holds no token.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.tokens == 0
    }

    /// The last `length` tokens, all if there are no more.
    #[must_use]
    pub const fn last(self, length: usize) -> Self {
        if length >= LONGEST { self } else { Self { tokens: self.tokens & ((1 << (length as u32 * BITS)) - 1) } }
    }
}

impl<const V: usize> FromIterator<Token<V>> for History {
    fn from_iter<I: IntoIterator<Item = Token<V>>>(tokens: I) -> Self {
        let mut history = Self::EMPTY;
        tokens.into_iter().for_each(|token| history.push(token));
        history
    }
}
