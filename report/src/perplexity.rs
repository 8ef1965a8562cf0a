//! Perplexity of a language model.

use super::chart::{Chart, Curve, Scale};
use super::heatmap::Ramp;
use super::number;
use super::page::{Section, figure, table};
use super::text::{LONGEST, coloured, reduction};
use std::collections::BTreeMap;
use std::f64::consts::LN_2;

const ABOUT: &str = "Perplexity is the average number of equally likely symbols among which the network chooses: 1 is certainty, the \
    size of the vocabulary is a guess, and more is worse than a guess. Good: a curve that falls from the first symbols on, because \
    context helps; bad: a curve that stays level.";
/// Number of rows in the table of symbols.
const ROWS: usize = 8;

/// Surprise of a language model at each symbol of a text.
pub struct Surprise<'a, S> {
    /// Symbols predicted in one text.
    pub symbols: &'a [S],
    /// −ln of the probability given to each symbol, in nats.
    pub nats: &'a [f64],
    /// Mean of −ln p over all texts, in nats, for each position from 0.
    pub by_position: &'a [f64],
    /// Mean of −ln p over all symbols of all texts, in nats.
    pub mean: f64,
    /// Number of symbols in the vocabulary.
    pub vocabulary: usize,
}

/// Returns a section on perplexity by position and the surprise at each symbol of a text.
pub fn section<S: AsRef<str>>(surprise: &Surprise<'_, S>) -> Section {
    let (id, title) = ("perplexity", "Perplexity");
    let Surprise { symbols, nats, by_position, mean, vocabulary } = *surprise;
    let chart = Chart {
        title: "Perplexity by position",
        axes: ["position in the text", "perplexity"],
        scale: Scale::Linear,
        curves: vec![Curve { name: "perplexity".to_string(), points: smooth(by_position) }],
        mark: None,
    };
    let Some(svg) = chart.svg() else {
        return Section::empty(id, title, ABOUT, "Nothing to show: no symbol was predicted.");
    };
    let caption = "Perplexity of equal parts of the text.".to_string();
    let mut body = super::drawn(svg, |svg| figure("", svg, &caption));
    let bits: Vec<f64> = nats.iter().map(|nats| nats / LN_2).collect();
    if !symbols.is_empty() {
        let ramp = Ramp::Sequential((vocabulary.max(2) as f64).log2());
        let caption = format!(
            "Bits of surprise at each symbol; the strongest colour marks a guess or worse.{}",
            reduction(symbols.len(), LONGEST)
        );
        body += &figure(&ramp.key(["", "bits"]), &coloured(symbols, &bits, (ramp, LONGEST)), &caption);
        body += &table(&["symbol", "times", "mean bits"], &hardest(symbols, &bits));
    }
    let (perplexity, bits) = (number::short(mean.exp()), number::short(mean / LN_2));
    let finding = format!(
        "Perplexity {perplexity}, {bits} bits per symbol. A guess among {vocabulary} symbols gives {vocabulary}."
    );
    Section { id, title: title.to_string(), about: ABOUT, finding, body }
}

/// Returns the perplexity of each of up to 60 equal parts, placed at its middle; for short texts, at each
/// position.
fn smooth(by_position: &[f64]) -> Vec<(f64, f64)> {
    let part = by_position.len().div_ceil(60).max(1);
    let mean = |(n, part_of): (usize, &[f64])| {
        let mean = part_of.iter().sum::<f64>() / part_of.len() as f64;
        ((n * part) as f64 + (part_of.len() as f64 - 1.0) / 2.0, mean.exp())
    };
    by_position.chunks(part).enumerate().map(mean).collect()
}

/// Returns a table row (symbol, count, mean bits) for each of the symbols with the most bits in total.
fn hardest<S: AsRef<str>>(symbols: &[S], bits: &[f64]) -> Vec<Vec<String>> {
    let mut sums = BTreeMap::<&str, (usize, f64)>::new();
    for (symbol, bits) in symbols.iter().zip(bits).filter(|(_, bits)| bits.is_finite()) {
        let sum = sums.entry(symbol.as_ref()).or_default();
        *sum = (sum.0 + 1, sum.1 + bits);
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by(|a, b| b.1.1.total_cmp(&a.1.1));
    let row = |(symbol, (times, bits)): (&str, (usize, f64))| {
        vec![visible(symbol), number::count(times), number::short(bits / times as f64)]
    };
    sums.into_iter().take(ROWS).map(row).collect()
}

fn visible(symbol: &str) -> String {
    symbol.replace(' ', "␣").replace('\n', "↵").replace('\t', "⇥")
}
