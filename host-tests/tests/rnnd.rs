//! The data set reader: real files, and files broken in every way.

use elman_trainer::rnnd::{RnndError, Sequence, Series, read};
use std::ops::Range;

fn header(count: u32, channels: u32, classes: u32) -> Vec<u8> {
    let mut bytes = b"RNND1\0\0\0".to_vec();
    [count, channels, classes].iter().for_each(|number| bytes.extend(number.to_le_bytes()));
    bytes
}

fn series(label: u32, group: u32, length: u32, values: &[f32]) -> Vec<u8> {
    let mut bytes: Vec<u8> = [label, group, length].iter().flat_map(|number| number.to_le_bytes()).collect();
    values.iter().for_each(|value| bytes.extend(value.to_le_bytes()));
    bytes
}

/// Two channels, three classes, three sequences of 2, 0 and 1 steps.
fn small() -> Vec<u8> {
    let parts = [
        header(3, 2, 3),
        series(2, 7, 2, &[1.0, -2.0, 0.5, f32::INFINITY]),
        series(0, 0, 0, &[]),
        series(1, 1 << 24, 1, &[3.0, 4.0]),
    ];
    parts.concat()
}

#[test]
fn a_file_is_read_value_by_value() {
    let data = read(&small()).unwrap();
    assert_eq!((data.channels, data.classes), (2, 3));
    let expected = [
        Series { label: 2, group: 7, steps: vec![1.0, -2.0, 0.5, f32::INFINITY] },
        Series { label: 0, group: 0, steps: vec![] },
        Series { label: 1, group: 1 << 24, steps: vec![3.0, 4.0] },
    ];
    assert_eq!(data.series, expected);
    let sequences = data.sequences::<2>().unwrap();
    assert_eq!(sequences[0], Sequence { steps: vec![[1.0, -2.0], [0.5, f32::INFINITY]], label: 2 });
    assert_eq!(sequences[1], Sequence { steps: vec![], label: 0 });
}

#[test]
fn another_width_is_refused() {
    let data = read(&small()).unwrap();
    assert_eq!(data.sequences::<1>(), Err(RnndError::OtherChannels { channels: 2, expected: 1 }));
    assert_eq!(data.sequences::<4>(), Err(RnndError::OtherChannels { channels: 2, expected: 4 }));
}

#[test]
fn a_file_cut_at_any_byte_is_refused() {
    let bytes = small();
    for at in 0..bytes.len() {
        assert_eq!(read(&bytes[..at]), Err(RnndError::Truncated { at }), "cut at byte {at}");
    }
}

#[test]
fn bytes_after_the_end_are_refused() {
    let mut bytes = small();
    let at = bytes.len();
    bytes.push(0);
    assert_eq!(read(&bytes), Err(RnndError::TrailingBytes { at }));
}

#[test]
fn every_byte_of_the_magic_counts() {
    for at in 0..8 {
        let mut bytes = small();
        bytes[at] ^= 1;
        assert_eq!(read(&bytes), Err(RnndError::BadMagic), "byte {at}");
    }
}

#[test]
fn a_label_must_be_a_class() {
    let bytes = [header(2, 1, 3), series(2, 0, 0, &[]), series(3, 0, 0, &[])].concat();
    assert_eq!(read(&bytes), Err(RnndError::LabelOutOfRange { series: 1, label: 3, classes: 3 }));
}

#[test]
fn no_channels_or_classes_are_refused_and_no_sequences_are_not() {
    assert_eq!(read(&header(0, 0, 3)), Err(RnndError::NothingToLearn));
    assert_eq!(read(&header(0, 2, 0)), Err(RnndError::NothingToLearn));
    let empty = read(&header(0, 1, 1)).unwrap();
    assert!(empty.series.is_empty());
}

#[test]
fn counts_too_large_for_any_memory_are_refused() {
    let bytes = header(u32::MAX, 1, 1);
    assert_eq!(read(&bytes), Err(RnndError::Truncated { at: 20 }));
    let bytes = [header(1, u32::MAX, 1), series(0, 0, u32::MAX, &[1.0])].concat();
    assert_eq!(read(&bytes), Err(RnndError::Truncated { at: 36 }));
}

/// The shortest and the longest sequence, how many there are of each class, and what the values lie between.
fn check<const C: usize, const K: usize>(
    bytes: &[u8],
    lengths: (usize, usize),
    per_class: [usize; K],
    values: Range<f32>,
) {
    let data = read(bytes).unwrap();
    assert_eq!((data.series.len(), data.channels, data.classes), (per_class.iter().sum(), C, K));
    let sequences = data.sequences::<C>().unwrap();
    let shortest = sequences.iter().map(|sequence| sequence.steps.len()).min().unwrap();
    let longest = sequences.iter().map(|sequence| sequence.steps.len()).max().unwrap();
    assert_eq!((shortest, longest), lengths);
    let mut counts = [0; K];
    sequences.iter().for_each(|sequence| counts[sequence.label] += 1);
    assert_eq!(counts, per_class);
    assert!(data.series.iter().all(|series| series.group == 0));
    assert!(data.series.iter().flat_map(|series| &series.steps).all(|value| values.contains(value)));
}

#[test]
fn the_japanese_vowels_are_complete() {
    check::<12, 9>(include_bytes!("../../data/japanese-vowels/train.rnnd"), (7, 26), [30; 9], -1.86..2.21);
    let per_class = [31, 35, 88, 44, 29, 24, 40, 50, 29];
    check::<12, 9>(include_bytes!("../../data/japanese-vowels/test.rnnd"), (7, 29), per_class, -1.86..2.21);
}

#[test]
fn the_motions_are_complete() {
    check::<6, 4>(include_bytes!("../../data/basic-motions/train.rnnd"), (100, 100), [10; 4], -27.83..34.87);
    check::<6, 4>(include_bytes!("../../data/basic-motions/test.rnnd"), (100, 100), [10; 4], -27.83..34.87);
}

#[test]
fn errors_say_what_is_wrong() {
    assert_eq!(RnndError::Truncated { at: 9 }.to_string(), "the data set is cut off at byte 9");
    let label = RnndError::LabelOutOfRange { series: 4, label: 9, classes: 3 };
    assert_eq!(label.to_string(), "sequence 4 has label 9, there are 3 classes");
}
