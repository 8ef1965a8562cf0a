//! Names and lists from a file, formatted for messages so that they are short and on one line.

use std::fmt::Display;

/// Largest number of list items shown.
const ITEMS: usize = 8;
/// Largest number of characters of a name shown.
const CHARACTERS: usize = 80;

/// Returns a name, cut after 80 characters, with line breaks and direction marks escaped.
pub fn name(text: &str) -> String {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let safe = |c: char| if breaks(c) { c.escape_unicode().collect() } else { c.to_string() };
    let shown: String = text.chars().take(CHARACTERS).map(safe).collect();
    match (text.is_empty(), text.chars().nth(CHARACTERS)) {
        (true, _) => "(no name)".to_string(),
        (_, Some(_)) => format!("{shown}... ({} bytes)", text.len()),
        (_, None) => shown,
    }
}

/// Lists the first few names, and states how many more there are.
pub fn names<S: AsRef<str>>(all: &[S]) -> String {
    join(all, |text| name(text.as_ref()))
}

/// Lists the first few numbers in brackets, and states how many more there are.
pub fn numbers<N: Display>(all: &[N]) -> String {
    format!("[{}]", join(all, ToString::to_string))
}

fn join<T>(all: &[T], show: impl Fn(&T) -> String) -> String {
    let shown = all.iter().take(ITEMS).map(show).collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(ITEMS) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
