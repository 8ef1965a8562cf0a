//! N-gram models.

use super::counts::{Counts, Kind};
use super::history::History;
use super::model::LanguageModel;
use super::smoothing::{Discounts, Smoothing, add_k, discounts, kneser_ney, witten_bell};
use elman::Token;
use std::error::Error;
use std::fmt;

/// Model that looks at the last `order − 1` tokens: order 1 is the unigram model, order 2 the bigram model.
///
/// ```
/// use elman::Token;
/// use elman_trainer::language::{Counts, LanguageModel, Ngrams, Smoothing};
/// let [a, b] = [Token::<2>::new(0)?, Token::<2>::new(1)?];
/// let mut counts = Counts::new(2);
/// counts.add(&[], &[a, b, a, b, a, a]);
/// let bigrams = Ngrams::new(&counts, 2, Smoothing::AddK(1.0))?;
/// // "a" was followed by "b" twice and by "a" once; each counts once more.
/// assert!((bigrams.log_probability_after(&[a], &[b]) - f64::ln(3.0 / 5.0)).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Ngrams<'c, const V: usize> {
    counts: &'c Counts<V>,
    order: usize,
    smoothing: Smoothing,
    /// Discounts for each length of history, from occurrences for the longest and from continuations for
    /// shorter ones.
    discounts: Vec<Discounts>,
}

/// Reason why an n-gram model cannot be built.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NgramError {
    /// The order is 0, or above the order of the counts.
    Order {
        /// Order requested.
        order: usize,
        /// Order of the counts.
        most: usize,
    },
    /// k of [`Smoothing::AddK`] is not finite, or not above 0.
    Added,
}

impl fmt::Display for NgramError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Order { order, most } => {
                write!(f, "n-grams of order {order} cannot be built from counts of orders 1 to {most}")
            }
            Self::Added => f.write_str("k of add-k smoothing must be finite and above 0"),
        }
    }
}

impl Error for NgramError {}

impl<'c, const V: usize> Ngrams<'c, V> {
    /// Creates a model of this order from `counts`, with `smoothing`.
    ///
    /// # Errors
    /// [`NgramError`] if the model cannot be built.
    pub fn new(counts: &'c Counts<V>, order: usize, smoothing: Smoothing) -> Result<Self, NgramError> {
        if order == 0 || order > counts.order() {
            return Err(NgramError::Order { order, most: counts.order() });
        }
        if matches!(smoothing, Smoothing::AddK(k) if !(k.is_finite() && k > 0.0)) {
            return Err(NgramError::Added);
        }
        let discounts = (0..order).map(|length| discounts(counts.level(length, kind(length, order)))).collect();
        Ok(Self { counts, order, smoothing, discounts })
    }

    /// Returns the model with the lowest `perplexity` among all orders of `counts` and all `smoothings`, and that
    /// perplexity. Measure the perplexity on a text that was not counted and will not be used to judge the
    /// model.
    ///
    /// # Errors
    /// Same as [`new`](Self::new). An empty list of smoothings gives the error for order 0.
    pub fn best(
        counts: &'c Counts<V>,
        smoothings: &[Smoothing],
        perplexity: impl Fn(&Self) -> f64,
    ) -> Result<(Self, f64), NgramError> {
        let mut best: Option<(Self, f64)> = None;
        for order in 1..=counts.order() {
            for &smoothing in smoothings {
                let model = Self::new(counts, order, smoothing)?;
                let reached = perplexity(&model);
                if best.as_ref().is_none_or(|(_, least)| reached < *least) {
                    best = Some((model, reached));
                }
            }
        }
        best.ok_or(NgramError::Order { order: 0, most: counts.order() })
    }

    /// Returns the number of tokens in an n-gram, including the predicted one.
    #[must_use]
    pub const fn order(&self) -> usize {
        self.order
    }

    /// Returns the smoothing.
    #[must_use]
    pub const fn smoothing(&self) -> Smoothing {
        self.smoothing
    }
}

/// Returns the kind of count that Kneser–Ney smoothing uses after a history of this length.
fn kind(length: usize, order: usize) -> Kind {
    if length + 1 == order { Kind::Occurrences } else { Kind::Continuations }
}

/// Displays the model in a form such as "5-grams, Kneser–Ney".
impl<const V: usize> fmt::Display for Ngrams<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.order {
            1 => f.write_str("unigrams, ")?,
            2 => f.write_str("bigrams, ")?,
            order => write!(f, "{order}-grams, ")?,
        }
        match self.smoothing {
            Smoothing::AddK(k) => write!(f, "add {k}"),
            Smoothing::WittenBell => f.write_str("Witten–Bell"),
            Smoothing::KneserNey => f.write_str("Kneser–Ney"),
        }
    }
}

/// The state is the history; a token costs one lookup for each history length below the order.
impl<const V: usize> LanguageModel<V> for Ngrams<'_, V> {
    type State = History;
    fn start(&self) -> History {
        History::EMPTY
    }
    fn read(&self, state: &mut History, token: Token<V>) {
        state.push(token);
    }
    fn distribution(&self, state: &History) -> [f64; V] {
        let mut probabilities = [0.0; V];
        for (probability, token) in probabilities.iter_mut().zip(Token::all()) {
            *probability = self.probability(state, token);
        }
        probabilities
    }
    fn probability(&self, state: &History, token: Token<V>) -> f64 {
        let (token, longest) = (token.index(), state.len().min(self.order - 1));
        if let Smoothing::AddK(k) = self.smoothing {
            return add_k(self.counts.context(state.last(longest)), token, k, V);
        }
        // If a history was never seen, no longer history that ends with it was seen.
        let contexts = (0..=longest).map_while(|length| self.counts.context(state.last(length)));
        contexts.zip(&self.discounts).enumerate().fold(1.0 / V as f64, |shorter, (length, (context, &discounts))| {
            match self.smoothing {
                Smoothing::KneserNey => kneser_ney(context, token, kind(length, self.order), discounts, shorter),
                _ => witten_bell(context, token, shorter),
            }
        })
    }
}
