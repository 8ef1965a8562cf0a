use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

/// Returns lists of names that look the same: they differ only in capitals, blanks, characters that do not show, and the
/// encoding of letters with marks.
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

/// Returns the look of a name: the same text for names that look the same.
fn look(name: &str) -> String {
    let shown = |letter: &char| !matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    let letters: String = name.nfkc().filter(shown).flat_map(char::to_lowercase).nfc().collect();
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}
