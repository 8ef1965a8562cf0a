//! The `.rnnd` layout: real files, damaged files and written files.

use elman::Class;
use elman_trainer::data::{DataError, DataSet, Label, Options, Place, Problem, Sequence, Series, SeriesList, rnnd};
use std::ops::Range;
use std::path::PathBuf;

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

/// Returns a data set with two channels, three classes, and three sequences of 2, 0 and 1 steps.
fn small() -> Vec<u8> {
    let parts = [
        header(3, 2, 3),
        series(2, 7, 2, &[1.0, -2.0, 0.5, f32::MAX]),
        series(0, 0, 0, &[]),
        series(1, 1 << 24, 1, &[3.0, 4.0]),
    ];
    parts.concat()
}

fn read(bytes: &[u8]) -> Result<DataSet, DataError> {
    rnnd::read(bytes, &Options::default())
}

fn error(place: Place, problem: Problem) -> DataError {
    DataError { file: PathBuf::new(), place, problem }
}

#[test]
fn a_file_is_read_value_by_value() {
    let data = read(&small()).unwrap();
    assert_eq!((data.channels.len(), data.classes.len()), (2, 3));
    assert_eq!(data.groups, ["0", "7", "16777216"]);
    let expected = [
        Series { label: Label::Whole(2), group: 1, steps: &[1.0, -2.0, 0.5, f32::MAX][..] },
        Series { label: Label::Whole(0), group: 0, steps: &[] },
        Series { label: Label::Whole(1), group: 2, steps: &[3.0, 4.0] },
    ];
    assert!(data.series.iter().eq(expected), "{data:?}");
    let sequences = data.sequences::<2, Class<3>>().unwrap();
    let label = |index| Class::new(index).unwrap();
    assert_eq!(sequences[0], Sequence { steps: vec![[1.0, -2.0], [0.5, f32::MAX]], label: label(2), group: 1 });
    assert_eq!(sequences[1], Sequence { steps: vec![], label: label(0), group: 0 });
}

#[test]
fn what_is_written_is_the_same_bytes() {
    assert_eq!(rnnd::write(&read(&small()).unwrap()).unwrap(), small());
    let vowels = include_bytes!("../../../data/japanese-vowels/train.rnnd");
    assert_eq!(rnnd::write(&read(vowels).unwrap()).unwrap(), vowels);
}

#[test]
fn groups_called_by_words_are_numbered_from_1() {
    let mut data = read(&small()).unwrap();
    data.groups = ["0", "anna", "7"].into_iter().collect();
    let again = read(&rnnd::write(&data).unwrap()).unwrap();
    assert_eq!(again.groups, ["1", "2", "3"]);
}

#[test]
fn labels_of_another_kind_are_refused() {
    let mut data = read(&small()).unwrap();
    for (label, found) in [(Label::None, "no label"), (Label::Each(&[0]), "a label for each step")] {
        let series = Series { label, group: 0, steps: &[1.0, 2.0] };
        data.series = SeriesList::of(2, [series]).unwrap();
        let problem = Problem::Labelling { found, expected: "one label" };
        assert_eq!(rnnd::write(&data), Err(error(Place::Sequence(0), problem)));
    }
}

#[test]
fn classes_are_called_as_the_options_say() {
    let named = |names: &[&str]| {
        let classes = names.iter().map(ToString::to_string).collect();
        rnnd::read(&small(), &Options { classes: Some(classes), ..Options::default() })
    };
    assert_eq!(named(&["c", "a", "b"]).unwrap().classes, ["c", "a", "b"]);
    let problem = Problem::ClassNames { found: 1, expected: 3 };
    assert_eq!(named(&["c"]), Err(error(Place::Whole, problem)));
}

#[test]
fn another_width_is_refused() {
    let data = read(&small()).unwrap();
    let problem = |expected| error(Place::Whole, Problem::Channels { found: 2, expected });
    assert_eq!(data.sequences::<1, Class<3>>(), Err(problem(1)));
    assert_eq!(data.sequences::<4, Class<3>>(), Err(problem(4)));
}

#[test]
fn more_classes_than_the_type_are_refused_and_fewer_are_not() {
    let data = read(&small()).unwrap();
    let problem = Problem::TooMany { what: "classes", found: 3, most: 2 };
    assert_eq!(data.sequences::<2, Class<2>>(), Err(error(Place::Whole, problem)));
    assert_eq!(data.sequences::<2, Class<4>>().unwrap().len(), 3);
    assert_eq!(data.sequences::<2, ()>().unwrap().len(), 3);
    let problem = Problem::Labelling { found: "one label", expected: "a label for each step" };
    assert_eq!(data.sequences::<2, Vec<Class<3>>>(), Err(error(Place::Sequence(0), problem)));
}

#[test]
fn a_file_cut_at_any_byte_is_refused() {
    let bytes = small();
    for at in 0..bytes.len() {
        assert_eq!(read(&bytes[..at]), Err(error(Place::Byte(at), Problem::Truncated)), "cut at byte {at}");
    }
}

#[test]
fn bytes_after_the_end_are_refused() {
    let mut bytes = small();
    let at = bytes.len();
    bytes.push(0);
    assert_eq!(read(&bytes), Err(error(Place::Byte(at), Problem::TrailingBytes)));
}

#[test]
fn every_byte_of_the_magic_counts() {
    for at in 0..8 {
        let mut bytes = small();
        bytes[at] ^= 1;
        assert!(matches!(read(&bytes).unwrap_err().problem, Problem::NotThe(_)), "byte {at}");
    }
}

#[test]
fn a_label_must_be_a_class() {
    let bytes = [header(2, 1, 3), series(2, 0, 0, &[]), series(3, 0, 0, &[])].concat();
    let problem = Problem::LabelOutOfRange { label: 3, classes: 3 };
    assert_eq!(read(&bytes), Err(error(Place::Sequence(1), problem)));
}

#[test]
fn a_value_that_is_not_finite_is_refused_unless_it_may_be() {
    for (value, found) in [(f32::NAN, "NaN"), (f32::INFINITY, "inf"), (f32::NEG_INFINITY, "-inf")] {
        let bytes = [header(1, 2, 1), series(0, 0, 1, &[0.0, value])].concat();
        let problem = Problem::NotFinite { found: found.to_string() };
        assert_eq!(read(&bytes), Err(error(Place::Byte(20 + 12 + 4), problem)));
        let data = rnnd::read(&bytes, &Options { non_finite: true, ..Options::default() }).unwrap();
        assert_eq!(data.series.at(0).steps[1].to_bits(), value.to_bits());
    }
}

#[test]
fn no_channels_or_classes_are_refused_and_no_sequences_are_not() {
    assert_eq!(read(&header(0, 0, 3)), Err(error(Place::Whole, Problem::NothingToLearn)));
    assert_eq!(read(&header(0, 2, 0)), Err(error(Place::Whole, Problem::NothingToLearn)));
    let empty = read(&header(0, 1, 1)).unwrap();
    assert!(empty.series.is_empty());
}

#[test]
fn counts_too_large_for_any_memory_are_refused() {
    let bytes = header(u32::MAX, 1, 1);
    assert_eq!(read(&bytes), Err(error(Place::Byte(20), Problem::Truncated)));
    let many = |what| error(Place::Whole, Problem::TooMany { what, found: u32::MAX as usize, most: 1 << 16 });
    assert_eq!(read(&header(0, 1, u32::MAX)), Err(many("classes")));
    assert_eq!(read(&header(0, u32::MAX, 1)), Err(many("channels")));
    let bytes = [header(1, 1 << 16, 1), series(0, 0, u32::MAX, &[1.0])].concat();
    assert_eq!(read(&bytes), Err(error(Place::Byte(36), Problem::Truncated)));
}

/// Checks the lengths of the shortest and longest sequence, the number of sequences in each class, and the range of
/// the values.
fn check<const C: usize, const K: usize>(
    bytes: &[u8],
    lengths: (usize, usize),
    per_class: [usize; K],
    values: Range<f32>,
) {
    let data = read(bytes).unwrap();
    let counts = (data.series.len(), data.channels.len(), data.classes.len());
    assert_eq!(counts, (per_class.iter().sum(), C, K));
    assert_eq!(data.groups, ["0"]);
    let sequences = data.sequences::<C, Class<K>>().unwrap();
    let shortest = sequences.iter().map(|sequence| sequence.steps.len()).min().unwrap();
    let longest = sequences.iter().map(|sequence| sequence.steps.len()).max().unwrap();
    assert_eq!((shortest, longest), lengths);
    let mut counts = [0; K];
    sequences.iter().for_each(|sequence| counts[sequence.label.index()] += 1);
    assert_eq!(counts, per_class);
    assert!(data.series.iter().flat_map(|series| series.steps).all(|value| values.contains(value)));
}

#[test]
fn the_japanese_vowels_are_complete() {
    check::<12, 9>(include_bytes!("../../../data/japanese-vowels/train.rnnd"), (7, 26), [30; 9], -1.86..2.21);
    let per_class = [31, 35, 88, 44, 29, 24, 40, 50, 29];
    check::<12, 9>(include_bytes!("../../../data/japanese-vowels/test.rnnd"), (7, 29), per_class, -1.86..2.21);
}

#[test]
fn the_motions_are_complete() {
    check::<6, 4>(include_bytes!("../../../data/basic-motions/train.rnnd"), (100, 100), [10; 4], -27.83..34.87);
    check::<6, 4>(include_bytes!("../../../data/basic-motions/test.rnnd"), (100, 100), [10; 4], -27.83..34.87);
}

#[test]
fn errors_say_what_is_wrong() {
    assert_eq!(error(Place::Byte(9), Problem::Truncated).to_string(), "byte 9: the data is cut off here");
    let label = Problem::LabelOutOfRange { label: 9, classes: 3 };
    let label = DataError { file: "a/b.rnnd".into(), ..error(Place::Sequence(4), label) };
    assert_eq!(label.to_string(), "a/b.rnnd, sequence 4: the label is 9, but there are 3 classes");
}
