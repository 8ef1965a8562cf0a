use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

/// Lists of names that look the same: but for capitals, blanks, characters that do not show, and how letters with marks are
/// put together.
pub fn twins(names: &[String]) -> Vec<Vec<&str>> {
    let mut lists: Vec<Vec<&str>> = Vec::new();
    let mut places = HashMap::new();
    for name in names {
        let place = *places.entry(look(name)).or_insert(lists.len());
        if place == lists.len() {
            lists.push(Vec::new());
        }
        lists[place].push(name);
    }
    lists.retain(|list| list.len() > 1);
    lists
}

/// What a name looks like.
fn look(name: &str) -> String {
    let shown = |letter: &char| !matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    let letters: String = name.nfkc().filter(shown).flat_map(char::to_lowercase).nfc().collect();
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}
