//! Features of a text that single units track, after Karpathy, Johnson and Fei-Fei, "Visualizing and
//! understanding recurrent networks" (2015).

use super::Series;
use super::heatmap::Ramp;
use super::number;
use super::page::{Section, figure};
use super::text::{coloured, reduction};

const ABOUT: &str = "Each text shows one unit: the colour behind a symbol is the unit's value just after reading it. \
    Good: units that track a nameable feature, such as a quotation or the position in a line. Units without a pattern are \
    not bad: most of what a network knows is spread over many units.";
/// Maximum number of units shown.
const UNITS: usize = 5;
/// Maximum number of characters shown for each unit.
const SHOWN: usize = 1200;
/// Correlation below which a unit is not shown.
const WEAK: f64 = 0.1;

/// Feature that a unit may track: its name, and its value at each symbol, or NaN where it has no value.
pub type Watched = (String, Vec<f64>);
/// Feature computed from the text alone: its name and a function that returns its values.
type Feature = (&'static str, fn(&[&str]) -> Vec<f64>);

/// Features of any text.
const FEATURES: [Feature; 6] = [
    ("position in the line", |text| since(text, |c| c == '\n')),
    ("within a quotation", |text| within(text, |c| matches!(c, '"' | '“' | '”'), |_| false)),
    ("within brackets", |text| within(text, |c| matches!(c, '(' | '[' | '{'), |c| matches!(c, ')' | ']' | '}'))),
    ("within `code`", |text| within(text, |c| c == '`', |c| c == '\n')),
    ("capitals", |text| each(text, char::is_uppercase)),
    ("digits", |text| each(text, |c| c.is_ascii_digit())),
];
/// Features of a text whose symbols are characters rather than words.
const SPELLING: [Feature; 3] = [
    ("white space", |text| each(text, |c| c.is_whitespace())),
    ("position in the word", |text| since(text, |c| !c.is_alphanumeric())),
    ("vowels", |text| each(text, |c| "aeiouäöüAEIOUÄÖÜ".contains(c))),
];

/// Values of one unit over the text.
struct Unit<'a> {
    of: &'a str,
    number: usize,
    values: Vec<f64>,
}

/// Returns a section on the units that correlate most with a feature of the text or with one of `watched`. In
/// each of `states`, `steps[t][unit]` is the value of a unit after it has read `symbols[t]`.
pub fn section<S: AsRef<str>>(symbols: &[S], states: &[Series<Vec<f64>>], watched: &[Watched]) -> Section {
    let (id, title) = ("characters", "Features that single units track");
    let steps = states.iter().map(|part| part.steps.len()).max().unwrap_or(0);
    let text: Vec<&str> = symbols.iter().map(AsRef::as_ref).take(steps).collect();
    let spelling = if is_spelt(&text) { &SPELLING[..] } else { &[] };
    let told = FEATURES.iter().chain(spelling).map(|(name, feature)| ((*name).to_string(), feature(&text)));
    let watched: Vec<Watched> = watched.iter().cloned().chain(told).collect();
    let units: Vec<Unit<'_>> = states.iter().flat_map(units).collect();
    let chosen = choose(&watched, &units);
    if chosen.is_empty() {
        let why = "Nothing to show: no unit correlates with any of the text properties examined.";
        return Section::empty(id, title, ABOUT, why);
    }
    let shown = fitting(&text, SHOWN);
    let ramp = Ramp::diverging(states.iter().flat_map(|part| &part.steps).flatten());
    let picture = |&(what, unit, r): &(usize, usize, f64)| {
        let Unit { of, number, values } = &units[unit];
        let of = if states.len() > 1 { format!(" of {of}") } else { String::new() };
        let (what, r, reduction) = (&watched[what].0, number::short(r), reduction(text.len(), shown));
        let caption = format!("Unit {number}{of}: {what}, correlation {r}.{reduction}");
        figure(&ramp.key(["", ""]), &coloured(&text, values, (ramp, shown)), &caption)
    };
    let names: Vec<&str> = watched.iter().map(|(name, _)| name.as_str()).collect();
    let finding = format!(
        "For each property of a symbol, the unit whose value correlates most with it is chosen if the correlation exceeds \
        {WEAK}; the {UNITS} strongest are shown. Properties: {}.",
        names.join(", ")
    );
    Section { id, title: title.to_string(), about: ABOUT, finding, body: chosen.iter().map(picture).collect() }
}

/// Returns `true` if most symbols are single characters.
fn is_spelt(text: &[&str]) -> bool {
    text.iter().filter(|symbol| symbol.chars().count() == 1).count() * 2 > text.len()
}

/// Returns the number of leading symbols that have at most `characters` characters in total.
fn fitting(text: &[&str], characters: usize) -> usize {
    let mut all = 0;
    let fits = |symbol: &&&str| {
        all += symbol.chars().count();
        all <= characters
    };
    text.iter().take_while(fits).count()
}

fn units(Series { name, steps }: &Series<Vec<f64>>) -> impl Iterator<Item = Unit<'_>> {
    let values = |unit| steps.iter().map(|state| state.get(unit).copied().unwrap_or(f64::NAN)).collect();
    let units = steps.iter().map(Vec::len).max().unwrap_or(0);
    (0..units).map(move |number| Unit { of: name, number, values: values(number) })
}

/// Returns pairs of a feature and a unit with their correlation, the strongest first; each feature and each unit
/// occurs at most once.
fn choose(watched: &[Watched], units: &[Unit<'_>]) -> Vec<(usize, usize, f64)> {
    let with = |what: usize, unit: usize| (what, unit, correlation(&watched[what].1, &units[unit].values));
    let mut found: Vec<(usize, usize, f64)> = (0..watched.len())
        .flat_map(|what| (0..units.len()).map(move |unit| with(what, unit)))
        .filter(|(.., r)| r.abs() > WEAK)
        .collect();
    found.sort_by(|a, b| b.2.abs().total_cmp(&a.2.abs()));
    let mut chosen = Vec::<(usize, usize, f64)>::new();
    for (what, unit, r) in found {
        if chosen.len() < UNITS && chosen.iter().all(|other| other.0 != what && other.1 != unit) {
            chosen.push((what, unit, r));
        }
    }
    chosen
}

/// Returns Pearson's r over the pairs of finite values; 0 if either variable is constant.
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

/// Returns 1 for each symbol whose first character satisfies `of`, otherwise 0.
fn each(text: &[&str], of: impl Fn(char) -> bool) -> Vec<f64> {
    text.iter().map(|symbol| f64::from(u8::from(of(first(symbol))))).collect()
}

/// Returns, for each symbol, the number of symbols since the last one whose first character satisfies `of`.
fn since(text: &[&str], of: impl Fn(char) -> bool) -> Vec<f64> {
    let mut place = 0.0;
    let next = |symbol: &&str| {
        place = if of(first(symbol)) { 0.0 } else { place + 1.0 };
        place
    };
    text.iter().map(next).collect()
}

/// Returns 1 from an opening symbol up to, but not including, the next closing symbol, otherwise 0. A second
/// opening symbol also closes.
fn within(text: &[&str], opens: impl Fn(char) -> bool, closes: impl Fn(char) -> bool) -> Vec<f64> {
    let mut inside = false;
    let next = |symbol: &&str| {
        let c = first(symbol);
        inside = !closes(c) && (inside != opens(c));
        f64::from(u8::from(inside))
    };
    text.iter().map(next).collect()
}
