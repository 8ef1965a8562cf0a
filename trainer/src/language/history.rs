//! Packed history of the tokens before the next one.

use elman::Token;

/// Number of bits in a packed token.
const BITS: u32 = 16;

/// Largest number of tokens that a history keeps.
pub const LONGEST: usize = (u128::BITS / BITS) as usize;

/// Last tokens of a text, at most [`LONGEST`]: a plain value that also serves as a key for counts.
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
    /// Packed tokens, the newest in the lowest bits, each stored as its index plus one, so that a longer history
    /// never equals a shorter one.
    tokens: u128,
}

impl History {
    /// Empty history.
    pub const EMPTY: Self = Self { tokens: 0 };

    /// Adds a token. If there are more than [`LONGEST`] tokens, the oldest is dropped.
    pub fn push<const V: usize>(&mut self, token: Token<V>) {
        const { assert!(V < 1 << BITS, "a history supports at most 65,535 symbols") }
        self.tokens = self.tokens << BITS | (token.index() as u128 + 1);
    }

    /// Returns the number of tokens.
    #[must_use]
    pub const fn len(self) -> usize {
        (u128::BITS - self.tokens.leading_zeros()).div_ceil(BITS) as usize
    }

    /// Returns `true` if there are no tokens.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.tokens == 0
    }

    /// Returns the last `length` tokens, or all if there are fewer.
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
