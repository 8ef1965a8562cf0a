//! Constants of `include/rnn.h`, read from it by the compiler, so that C and Rust cannot disagree on them.

const HEADER: &[u8] = include_bytes!("../include/rnn.h");

/// Number of inputs per step.
pub const INPUTS: usize = constant("RNN_INPUTS") as usize;
/// Number of classes.
pub const CLASSES: usize = constant("RNN_CLASSES") as usize;
/// Number of steps of the longest sequence that can be learned or labelled.
pub const STEPS: usize = constant("RNN_STEPS") as usize;

/// Fails to compile unless `T` has the size that the header defines as `name`, and the alignment of a `u32`.
pub const fn reserved<T>(name: &str) {
    assert!(size_of::<T>() == constant(name) as usize, "the header states a different size");
    assert!(align_of::<T>() == align_of::<u32>(), "C aligns it as a word");
}

/// Returns the whole number that the header defines as `name`.
pub const fn constant(name: &str) -> i32 {
    let mut at = 0;
    while at < HEADER.len() {
        if let Some(value) = after(at, b"#define ")
            && let Some(value) = after(value, name.as_bytes())
            && let Some(value) = after(value, b" ")
        {
            return number(value);
        }
        at += 1;
    }
    panic!("the header does not define this constant")
}

/// Returns the position after `word`, if the header has `word` at `at`.
const fn after(at: usize, word: &[u8]) -> Option<usize> {
    let mut read = 0;
    while read < word.len() {
        if at + read >= HEADER.len() || HEADER[at + read] != word[read] {
            return None;
        }
        read += 1;
    }
    Some(at + read)
}

const fn number(mut at: usize) -> i32 {
    let negative = HEADER[at] == b'(' && HEADER[at + 1] == b'-';
    if negative {
        at += 2;
    }
    let mut value = 0;
    while HEADER[at].is_ascii_digit() {
        value = 10 * value + (HEADER[at] - b'0') as i32;
        at += 1;
    }
    if negative { -value } else { value }
}
