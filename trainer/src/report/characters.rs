//! What single units watch in a text, after Karpathy, Johnson and Fei-Fei, "Visualizing and understanding recurrent
//! networks" (2015).

use super::heatmap::Ramp;
use super::number;
use super::page::{Section, figure};
use super::text::{coloured, reduction};

const ABOUT: &str = "Each text shows one unit: the colour behind a symbol is the unit's value just after reading it. \
    Good: units that watch something one can name, such as a quotation or the place in a line; units without a pattern are \
    not bad, for most of what a network knows is spread over many of them.";
/// The most units shown.
const UNITS: usize = 5;
/// The most symbols shown with each unit.
const SHOWN: usize = 1200;
/// A correlation below this is not shown.
const WEAK: f64 = 0.1;

/// What a unit may watch, told from the text alone.
type Feature = (&'static str, fn(&[&str]) -> Vec<f64>);

const FEATURES: [Feature; 9] = [
    ("white space", |text| each(text, |c| c.is_whitespace())),
    ("place in the line", |text| since(text, |c| c == '\n')),
    ("place in the word", |text| since(text, |c| !c.is_alphanumeric())),
    ("within a quotation", |text| within(text, |c| matches!(c, '"' | '“' | '”'), |_| false)),
    ("within brackets", |text| within(text, |c| matches!(c, '(' | '[' | '{'), |c| matches!(c, ')' | ']' | '}'))),
    ("within `code`", |text| within(text, |c| c == '`', |c| c == '\n')),
    ("capitals", |text| each(text, char::is_uppercase)),
    ("digits", |text| each(text, |c| c.is_ascii_digit())),
    ("vowels", |text| each(text, |c| "aeiouäöüAEIOUÄÖÜ".contains(c))),
];

/// The units that go most with something in the text. `states[t][unit]` is after reading `symbols[t]`.
pub fn section<S: AsRef<str>>(symbols: &[S], states: &[Vec<f64>]) -> Section {
    let (id, title) = ("characters", "What single units watch");
    let text: Vec<&str> = symbols.iter().map(AsRef::as_ref).take(states.len()).collect();
    let chosen = choose(&text, states);
    if chosen.is_empty() {
        let why = "Nothing to show: no unit goes with any of the properties of the text that are looked for.";
        return Section::empty(id, title, ABOUT, why);
    }
    let ramp = Ramp::diverging(states.iter().flatten());
    let picture = |&(what, unit, r): &(&str, usize, f64)| {
        let values: Vec<f64> = states.iter().map(|state| state.get(unit).copied().unwrap_or(f64::NAN)).collect();
        let r = number::short(r);
        let caption = format!("Unit {unit}: {what}, correlation {r}.{}", reduction(text.len(), SHOWN));
        figure(&ramp.key(["", ""]), &coloured(&text, &values, (ramp, SHOWN)), &caption)
    };
    let names: Vec<&str> = FEATURES.iter().map(|(name, _)| *name).collect();
    let finding = format!(
        "How they were chosen: for each of these properties of a symbol, the unit whose value correlates most with it, if by \
        more than {WEAK}; the {UNITS} strongest are shown: {}.",
        names.join(", ")
    );
    Section { id, title: title.to_string(), about: ABOUT, finding, body: chosen.iter().map(picture).collect() }
}

/// Property, unit and correlation, the strongest first; no unit twice.
fn choose(text: &[&str], states: &[Vec<f64>]) -> Vec<(&'static str, usize, f64)> {
    let units = states.iter().map(Vec::len).max().unwrap_or(0);
    let of = |unit: usize| states.iter().map(|state| state.get(unit).copied().unwrap_or(f64::NAN)).collect::<Vec<_>>();
    let units: Vec<Vec<f64>> = (0..units).map(of).collect();
    let mut found: Vec<(&'static str, usize, f64)> = FEATURES
        .iter()
        .flat_map(|(name, feature)| {
            let wanted = feature(text);
            units
                .iter()
                .enumerate()
                .map(move |(unit, values)| (*name, unit, correlation(&wanted, values)))
                .collect::<Vec<_>>()
        })
        .filter(|(.., r)| r.abs() > WEAK)
        .collect();
    found.sort_by(|a, b| b.2.abs().total_cmp(&a.2.abs()));
    let mut chosen = Vec::<(&'static str, usize, f64)>::new();
    for candidate in found {
        if chosen.len() < UNITS && chosen.iter().all(|(name, unit, _)| *name != candidate.0 && *unit != candidate.1) {
            chosen.push(candidate);
        }
    }
    chosen
}

/// Pearson's r over the pairs that are finite; 0 where one side never changes.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let pairs: Vec<(f64, f64)> =
        a.iter().copied().zip(b.iter().copied()).filter(|(a, b)| a.is_finite() && b.is_finite()).collect();
    let n = pairs.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n;
    let (mean_a, mean_b) = (mean(|p| p.0), mean(|p| p.1));
    let sum = |of: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|(a, b)| of(a - mean_a, b - mean_b)).sum::<f64>();
    let r = sum(&|a, b| a * b) / (sum(&|a, _| a * a) * sum(&|_, b| b * b)).sqrt();
    if r.is_finite() { r } else { 0.0 }
}

fn first(symbol: &str) -> char {
    symbol.chars().next().unwrap_or('\0')
}

/// 1 where the symbol is of a kind, else 0.
fn each(text: &[&str], of: impl Fn(char) -> bool) -> Vec<f64> {
    text.iter().map(|symbol| f64::from(u8::from(of(first(symbol))))).collect()
}

/// Symbols since the last one of a kind.
fn since(text: &[&str], of: impl Fn(char) -> bool) -> Vec<f64> {
    let mut place = 0.0;
    let next = |symbol: &&str| {
        place = if of(first(symbol)) { 0.0 } else { place + 1.0 };
        place
    };
    text.iter().map(next).collect()
}

/// 1 between a symbol that opens (or, once open, closes) and one that closes, else 0.
fn within(text: &[&str], opens: impl Fn(char) -> bool, closes: impl Fn(char) -> bool) -> Vec<f64> {
    let mut inside = false;
    let next = |symbol: &&str| {
        let c = first(symbol);
        inside = !closes(c) && (inside != opens(c));
        f64::from(u8::from(inside))
    };
    text.iter().map(next).collect()
}
