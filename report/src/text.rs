//! Text with coloured characters.

use super::heatmap::Ramp;
use super::number::count;
use super::page::escape;
use std::fmt::Write;

/// Maximum number of symbols of a text that are processed.
pub const LONGEST: usize = 5000;

/// Formats the first `most` symbols as HTML. The background of each symbol has the colour of its value; values
/// that are not finite have no colour. A line break is shown as ↵.
pub fn coloured<S: AsRef<str>>(symbols: &[S], values: &[f64], (ramp, most): (Ramp, usize)) -> String {
    let classes: Vec<Option<String>> = values.iter().map(|x| ramp.class(*x)).chain([None]).collect();
    let pairs: Vec<(&str, Option<&str>)> = symbols
        .iter()
        .take(most)
        .enumerate()
        .map(|(n, symbol)| (symbol.as_ref(), classes.get(n).and_then(Option::as_deref)))
        .collect();
    let mut html = String::from("<pre>");
    for run in pairs.chunk_by(|a, b| a.1 == b.1) {
        let text = escape(&run.iter().map(|(symbol, _)| *symbol).collect::<String>()).replace('\n', "↵\n");
        let _ = match run.first().and_then(|(_, class)| *class) {
            Some(class) => write!(html, "<span class=\"{class}\">{text}</span>"),
            None => write!(html, "{text}"),
        };
    }
    html + "</pre>\n"
}

/// Returns a note on a text that is cut off; empty if it is shown in full.
pub fn reduction(symbols: usize, most: usize) -> String {
    if symbols <= most {
        String::new()
    } else {
        format!(" Only the first {} of {} symbols are shown.", count(most), count(symbols))
    }
}
