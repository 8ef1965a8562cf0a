use hashbrown::HashTable;
use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};
use unicode_normalization::UnicodeNormalization;

/// Returns the first `most` lists of names that look the same, and the total number of such lists. Such names
/// differ only in case, spaces, invisible characters or the encoding of accented letters. Only the indices of the
/// names are kept in memory.
pub fn twins<'a>(count: usize, name: impl Fn(usize) -> &'a str, most: usize) -> (Vec<Vec<&'a str>>, usize) {
    let (hasher, mut firsts) = (RandomState::new(), HashTable::with_capacity(count));
    let mut pairs = Vec::new();
    let hash = |&index: &u32| hasher.hash_one(look(name(index as usize)));
    for index in 0..count as u32 {
        let look_of = look(name(index as usize));
        match firsts.find(hasher.hash_one(&look_of), |&first| look(name(first as usize)) == look_of) {
            Some(&first) => pairs.push((first, index)),
            None => _ = firsts.insert_unique(hasher.hash_one(&look_of), index, hash),
        }
    }
    pairs.sort_unstable();
    let lists = || pairs.chunk_by(|a, b| a.0 == b.0);
    let indices = |list: &[(u32, u32)]| [vec![list[0].0], list.iter().map(|pair| pair.1).collect()].concat();
    let names = |list| indices(list).into_iter().map(|index| name(index as usize)).collect();
    (lists().take(most).map(names).collect(), lists().count())
}

/// Returns a normalised form of a name, which is the same for names that look the same.
fn look(name: &str) -> Cow<'_, str> {
    if name.bytes().all(|byte| byte.is_ascii_graphic() && !byte.is_ascii_uppercase()) {
        return name.into();
    }
    let shown = |letter: &char| !matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    let letters: String = name.nfkc().filter(shown).flat_map(char::to_lowercase).nfc().collect();
    letters.split_whitespace().collect::<Vec<_>>().join(" ").into()
}
