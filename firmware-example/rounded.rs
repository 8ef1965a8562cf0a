//! Sequences of a `.rnnd` file with their samples in 16 bits, so that a whole test set fits a small board.

/// Units of a sample that make 1.0: samples are within ±4.
const UNITS: f32 = 8192.0;

/// Returns the sequences whose index `keeps` accepts: first the size of a unit as an `f32`, then for each sequence a
/// byte each for its label and its number of steps, and its samples as `i16`.
///
/// # Panics
/// If a sample is beyond ±4 or a sequence is longer than 255 steps.
pub fn rounded(set: &[u8], keeps: impl Fn(usize) -> bool) -> Vec<u8> {
    let word = |at: usize| u32::from_le_bytes(set[at..at + 4].try_into().expect("four bytes")) as usize;
    let channels = word(12);
    let (mut kept, mut at) = ((1.0 / UNITS).to_le_bytes().to_vec(), 20);
    for index in 0..word(8) {
        let (label, steps) = (word(at), word(at + 8));
        let samples = &set[at + 12..at + 12 + 4 * channels * steps];
        if keeps(index) {
            kept.extend([label, steps].map(|byte| u8::try_from(byte).expect("a byte")));
            kept.extend(samples.as_chunks::<4>().0.iter().flat_map(|&bytes| sample(f32::from_le_bytes(bytes))));
        }
        at += 12 + samples.len();
    }
    kept
}

fn sample(x: f32) -> [u8; 2] {
    let units = (x * UNITS).round();
    assert!(units.abs() <= f32::from(i16::MAX), "{x} does not fit in 16 bits");
    (units as i16).to_le_bytes()
}
