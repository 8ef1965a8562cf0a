//! Language models: the probability of the next token, and with it that of a whole text.
//!
//! Two kinds stand behind one trait, [`LanguageModel`]: [`Ngrams`], which count, the baseline of every article on the
//! subject; and any [`Network`](elman::Network) that reads tokens and answers with a logit for each. Both give joint and
//! conditional probabilities, [perplexity](LanguageModel::perplexity_after), [suggestions](LanguageModel::suggest) as on the
//! keyboard of a telephone, and [texts](LanguageModel::generate_after). [`keyboard`] counts the strokes that suggestions save;
//! [`Streams`] trains a network on one long text; [`text`] makes tokens of it.

pub mod keyboard;
pub mod min_char_rnn;
pub mod text;

mod counts;
mod history;
mod mixture;
mod model;
mod network;
mod ngrams;
mod smoothing;
mod streams;

pub use counts::Counts;
pub use history::{History, LONGEST};
pub use mixture::Mixture;
pub use model::LanguageModel;
pub use ngrams::{NgramError, Ngrams};
pub use smoothing::Smoothing;
pub use streams::Streams;
