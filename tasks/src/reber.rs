//! Embedded Reber grammar: a symbol read early must be repeated late.
//!
//! Strings of the symbols `B T P S X V E`. A string is `B T inner T E` or `B P inner P E`; the inner part is a
//! walk through a graph that takes each of two edges with probability 1/2. The last symbol but one repeats the
//! second. A network that has forgotten the second symbol must guess once per string, but can be correct
//! everywhere else.
//!
//! Reber, "Implicit learning of artificial grammars", Journal of Verbal Learning and Verbal Behavior 6 (1967); embedded
//! in itself by Cleeremans, Servan-Schreiber and McClelland, "Finite state automata and simple recurrent networks",
//! Neural Computation 1 (1989); the first experiment of Hochreiter and Schmidhuber, "Long short-term memory", Neural
//! Computation 9 (1997).

use core::fmt;
use elman::{Random, Token};

/// One of the symbols `B T P S X V E`, in this order.
pub type Symbol = Token<7>;

/// String of the embedded Reber grammar.
///
/// ```
/// use elman::Xoshiro128;
/// use tasks::reber::Reber;
/// let string = Reber::draw(&mut Xoshiro128::from_seed(0)).ok_or("too long")?;
/// assert_eq!(string.to_string(), "BTBPTTVPSETE");
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reber {
    symbols: [Symbol; Reber::STEPS + 1],
    length: usize,
}

const LETTERS: [char; 7] = ['B', 'T', 'P', 'S', 'X', 'V', 'E'];

/// For each state, the symbols that are allowed in it, with the states that follow.
const WAYS: [&[(char, usize)]; END] = [
    &[('B', 1)],
    &[('T', 2), ('P', 2)],
    // The inner string.
    &[('B', 3)],
    &[('T', 4), ('P', 5)],
    &[('S', 4), ('X', 6)],
    &[('T', 5), ('V', 7)],
    &[('X', 5), ('S', 8)],
    &[('P', 6), ('V', 8)],
    &[('E', RECALL)],
    // Only the one that repeats the second symbol is allowed.
    &[('T', 10), ('P', 10)],
    &[('E', END)],
];
const RECALL: usize = 9;
const END: usize = 11;

impl Reber {
    /// Largest number of steps. At each step, a symbol is read to predict the next one.
    pub const STEPS: usize = 46;

    /// Draws a string; returns `None` if it has more than [`STEPS`](Self::STEPS) steps, as six in a million do.
    pub fn draw(rng: &mut impl Random) -> Option<Self> {
        let mut string = Self { symbols: [Symbol::default(); Self::STEPS + 1], length: 0 };
        let mut state = 0;
        while state != END {
            let ways = string.ways(state).count();
            let (symbol, next) = string.ways(state).nth(rng.below(ways as u32) as usize)?;
            *string.symbols.get_mut(string.length)? = symbol;
            string.length += 1;
            state = next;
        }
        Some(string)
    }

    /// Returns the inputs of a network: all symbols except the last.
    #[must_use]
    pub fn inputs(&self) -> &[Symbol] {
        self.symbols.get(..self.steps()).unwrap_or(&[])
    }

    /// Returns the target after each step: the next symbol.
    #[must_use]
    pub fn targets(&self) -> &[Symbol] {
        self.symbols.get(1..self.length).unwrap_or(&[])
    }

    /// Returns the number of steps, at each of which a symbol is read: 8 to [`STEPS`](Self::STEPS).
    #[must_use]
    pub const fn steps(&self) -> usize {
        self.length - 1
    }

    /// Returns the index of the step after which the second symbol must be repeated.
    #[must_use]
    pub const fn recall(&self) -> usize {
        self.length - 3
    }

    /// Returns `true` if the grammar allows `symbol` after `step`, even if the string continues with another.
    #[must_use]
    pub fn allows(&self, step: usize, symbol: Symbol) -> bool {
        let said = self.symbols.iter().take(step + 1);
        let state = said.fold(0, |state, &said| self.ways(state).find(|way| way.0 == said).map_or(END, |way| way.1));
        self.ways(state).any(|way| way.0 == symbol)
    }

    /// Returns the symbols that are allowed in a state, with the states that follow.
    fn ways(&self, state: usize) -> impl Iterator<Item = (Symbol, usize)> {
        let [_, second, ..] = self.symbols;
        let ways = WAYS.get(state).copied().unwrap_or(&[]).iter().map(|&(letter, next)| (token(letter), next));
        ways.filter(move |&(symbol, _)| state != RECALL || symbol == second)
    }
}

fn token(letter: char) -> Symbol {
    Symbol::all().zip(LETTERS).find(|&(_, other)| other == letter).map_or(Symbol::default(), |(symbol, _)| symbol)
}

impl fmt::Display for Reber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut letters = self.symbols.iter().take(self.length).filter_map(|symbol| LETTERS.get(symbol.index()));
        letters.try_for_each(|letter| write!(f, "{letter}"))
    }
}
