//! Counts of each token after each history.

use super::history::{History, LONGEST};
use elman::Token;
use std::collections::HashMap;

/// Kind of count of a token after a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Number of times that the token followed the history.
    Occurrences,
    /// Number of different tokens seen before the history and the token: 1 for "Francisco", no matter how often it
    /// occurs.
    Continuations,
}

/// Counts of each token after each history of a text, for every length of history below the order.
///
/// One table serves n-grams of every order up to its own, with every [`Smoothing`](super::Smoothing).
#[derive(Clone, Debug)]
pub struct Counts<const V: usize> {
    order: usize,
    contexts: HashMap<History, Context>,
    /// Tallies over all contexts, by length of history.
    levels: Vec<[Tally; 2]>,
}

/// Tokens that followed a history.
#[derive(Clone, Debug, Default)]
pub(super) struct Context {
    /// Followers in the order of the tokens.
    followers: Vec<Follower>,
    tallies: [Tally; 2],
}

#[derive(Clone, Copy, Debug)]
struct Follower {
    token: u16,
    counts: [u32; 2],
}

/// Summary of counts: their sum, and how many are exactly 1, 2, 3 and 4.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub total: u64,
    pub exactly: [u32; 4],
}

impl Tally {
    /// Records that a count has risen from `count` to `count` + 1.
    fn raise(&mut self, count: u32) {
        self.total += 1;
        if let Some(before) = (count as usize).checked_sub(1).and_then(|at| self.exactly.get_mut(at)) {
            *before -= 1;
        }
        if let Some(now) = self.exactly.get_mut(count as usize) {
            *now += 1;
        }
    }
}

impl Context {
    /// Returns the count of `token`.
    pub fn count(&self, token: usize, kind: Kind) -> u32 {
        let found = self.followers.binary_search_by_key(&token, |follower| usize::from(follower.token));
        found.map_or(0, |at| self.followers[at].counts[kind as usize])
    }

    /// Returns the number of different tokens that followed the history.
    pub fn distinct(&self) -> usize {
        self.followers.len()
    }

    pub fn tally(&self, kind: Kind) -> &Tally {
        &self.tallies[kind as usize]
    }

    /// Counts a token once more; returns the previous count.
    fn raise(&mut self, token: u16, kind: Kind) -> u32 {
        let at = self.followers.binary_search_by_key(&token, |follower| follower.token).unwrap_or_else(|at| {
            self.followers.insert(at, Follower { token, counts: [0; 2] });
            at
        });
        let count = &mut self.followers[at].counts[kind as usize];
        let before = *count;
        *count += 1;
        self.tallies[kind as usize].raise(before);
        before
    }
}

impl<const V: usize> Counts<V> {
    /// Creates empty counts for n-grams of up to `order` tokens; `order` is clamped to the range 1 to [`LONGEST`] +
    /// 1.
    #[must_use]
    pub fn new(order: usize) -> Self {
        let order = order.clamp(1, LONGEST + 1);
        Self { order, contexts: HashMap::new(), levels: vec![Default::default(); order] }
    }

    /// Counts the tokens of a text that follows `given`, which is not counted itself and is usually `<sos>` or empty.
    ///
    /// Costs one lookup for each token and each length of history below the order.
    pub fn add(&mut self, given: &[Token<V>], text: &[Token<V>]) {
        let mut history: History = given.iter().copied().collect();
        for &token in text {
            self.follow(history, token);
            history.push(token);
        }
    }

    /// Returns the length of the longest n-grams counted.
    #[must_use]
    pub const fn order(&self) -> usize {
        self.order
    }

    pub(super) fn context(&self, history: History) -> Option<&Context> {
        self.contexts.get(&history)
    }

    pub(super) fn level(&self, length: usize, kind: Kind) -> Tally {
        self.levels.get(length).map_or_else(Tally::default, |level| level[kind as usize])
    }

    /// Counts `token` after the histories of each length, the longest first.
    fn follow(&mut self, history: History, token: Token<V>) {
        let longest = history.len().min(self.order - 1);
        // No token precedes the beginning of a text, so each occurrence there counts as a continuation.
        let mut is_new = longest == history.len();
        for length in (0..=longest).rev() {
            let context = self.contexts.entry(history.last(length)).or_default();
            let mut raise = |kind: Kind| {
                let before = context.raise(token.index() as u16, kind);
                self.levels[length][kind as usize].raise(before);
                before
            };
            if is_new {
                raise(Kind::Continuations);
            }
            is_new = raise(Kind::Occurrences) == 0;
        }
    }
}
