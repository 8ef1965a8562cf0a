//! Language models: the probability of the next token, and thus of a whole text.
//!
//! Two kinds share one trait, [`LanguageModel`]: [`Ngrams`], based on counts, the usual baseline; and any
//! [`Network`](elman::Network) that reads tokens and outputs a logit for each. Both give joint and conditional
//! probabilities, [perplexity](LanguageModel::perplexity_after), [suggestions](LanguageModel::suggest) as on a
//! phone keyboard, and [texts](LanguageModel::generate_after). [`keyboard`] counts the keystrokes that
//! suggestions save; [`Streams`] trains a network on one long text; [`text`] turns a text into tokens.

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
