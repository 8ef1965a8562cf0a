//! Arrays written by NumPy (`make.py`), and archives of arrays.

mod damaged;

use elman_trainer::data::{self, Axes, DataError, DataSet, Label, Options, Place, Problem, Series, npz};
use std::fs;
use std::path::{Path, PathBuf};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/numpy").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    fs::read(file(name)).unwrap()
}

fn read_with(name: &str, options: &Options) -> Result<DataSet, DataError> {
    let data = data::read(&file(name), options);
    // Every error names its file.
    data.map_err(|error| {
        assert!(error.file.starts_with(file("")), "{error}");
        DataError { file: PathBuf::new(), ..error }
    })
}

fn read(name: &str) -> Result<DataSet, DataError> {
    read_with(name, &Options::default())
}

/// Reads an array, with the labels from another file.
fn labelled(labels: &str) -> Result<DataSet, DataError> {
    read_with("x-little-f4.npy", &Options { labels: Some(file(labels)), ..Options::default() })
}

fn error(place: Place, problem: Problem) -> DataError {
    DataError { file: PathBuf::new(), place, problem }
}

fn element(array: &str, index: &[usize]) -> Place {
    Place::Element { array: array.to_string(), index: index.into() }
}

fn array(name: &str) -> Place {
    Place::Array(name.to_string())
}

fn shape(found: &[usize], expected: &str) -> Problem {
    Problem::Shape { found: found.into(), expected: expected.to_string() }
}

/// Returns the value at step `t` and channel `c` of sequence `n` in the files.
fn value(n: usize, t: usize, c: usize) -> f32 {
    (100 * n + 10 * t + c) as f32
}

fn check_values(data: &DataSet, expected: impl Fn(f32) -> f32) {
    assert_eq!((data.series.len(), data.channels.len()), (3, 2));
    for (n, series) in data.series.iter().enumerate() {
        let values: Vec<_> = (0..4).flat_map(|t| [0, 1].map(|c| expected(value(n, t, c)))).collect();
        assert_eq!(series.steps, values);
    }
}

#[test]
fn numbers_of_every_type_and_byte_order_are_read() {
    for kind in [
        "little-f2",
        "little-f4",
        "big-f4",
        "little-f8",
        "big-f8",
        "little-u2",
        "big-u2",
        "big-u4",
        "little-u8",
        "big-u8",
    ] {
        check_values(&read(&format!("x-{kind}.npy")).unwrap(), |x| x);
    }
    for kind in ["little-i2", "big-i2", "little-i4", "big-i4", "little-i8", "big-i8"] {
        check_values(&read(&format!("x-{kind}.npy")).unwrap(), |x| -x);
    }
    check_values(&read("x-u1.npy").unwrap(), |x| x % 100.0);
    check_values(&read("x-i1.npy").unwrap(), |x| -(x % 100.0));
    check_values(&read("x-bool.npy").unwrap(), |x| if x % 20.0 > 9.0 { 1.0 } else { 0.0 });
}

#[test]
fn every_version_and_order_of_the_axes_is_read() {
    for name in ["x-fortran.npy", "x-version-2.npy", "x-version-3.npy"] {
        check_values(&read(name).unwrap(), |x| x);
    }
}

#[test]
fn two_axes_are_steps_and_channels_unless_said_otherwise() {
    let data = read("steps-channels.npy").unwrap();
    assert_eq!((data.series.len(), &data.channels[..]), (1, &["x0".to_string(), "x1".to_string()][..]));
    assert_eq!(data.series.at(0).steps[..4], [100.0, 101.0, 110.0, 111.0]);
    let options = Options { axes: Some(Axes::SequencesSteps), ..Options::default() };
    let data = read_with("steps-channels.npy", &options).unwrap();
    assert_eq!((data.series.len(), data.channels.len()), (4, 1));
    assert_eq!(data.series.at(3).steps, [130.0, 131.0]);
    let data = read("one-axis.npz").unwrap();
    assert_eq!((data.series.len(), data.channels.len()), (3, 1), "beside labels: sequences and steps");
    assert_eq!(data.series.at(2).steps, [200.0, 210.0, 220.0, 230.0]);
    let problem = shape(&[3], "[1] or [3]");
    let options = Options { axes: Some(Axes::StepsChannels), ..Options::default() };
    assert_eq!(read_with("one-axis.npz", &options), Err(error(array("groups"), shape(&[3], "[1]"))));
    let options = Options { labels: Some(file("y-int.npy")), ..options };
    assert_ne!(read_with("steps-channels.npy", &options), Err(error(array("y"), problem)));
}

#[test]
fn one_axis_is_one_sequence_of_one_channel() {
    let data = read("one-channel.npy").unwrap();
    assert_eq!((data.series.len(), data.channels.len()), (1, 1));
    assert_eq!(data.series.at(0).steps, [0.0, 10.0, 20.0, 30.0]);
    assert_eq!(read("x-one-step.npy").unwrap().series.at(0).steps, [1.5]);
}

#[test]
fn other_shapes_are_refused() {
    let problem = shape(&[1, 2, 2, 1], "(N, T, C), (N, T), (T, C) or (T,)");
    assert_eq!(read("four-axes.npy"), Err(error(array("X"), problem)));
    assert_eq!(read("x-none.npy"), Err(error(Place::Whole, Problem::Empty)));
}

#[test]
fn labels_are_numbers_or_words() {
    let classes = |labels| {
        let data = labelled(labels).unwrap();
        let classes = data.series.iter().flat_map(|series| series.label.classes().collect::<Vec<_>>()).collect();
        (data.classes, classes)
    };
    let odd_one = |names: [&str; 2], odd, other| (names.map(String::from).to_vec(), vec![other, odd, other]);
    assert_eq!(classes("y-int.npy"), odd_one(["-1", "7"], 0, 1));
    assert_eq!(classes("y-float.npy"), odd_one(["0", "2"], 0, 1));
    assert_eq!(classes("y-words.npy"), odd_one(["größe", "walk"], 0, 1));
    assert_eq!(classes("y-words-big.npy"), odd_one(["größe", "walk"], 0, 1));
    assert_eq!(classes("y-bytes.npy"), odd_one(["aa", "b"], 0, 1));
    let data = labelled("y-steps.npy").unwrap();
    assert_eq!(data.series.at(2).label, Label::Each(&[0, 0, 0, 2]));
}

#[test]
fn labels_that_do_not_fit_are_refused() {
    assert_eq!(labelled("y-two.npy"), Err(error(array("y"), shape(&[2], "[3] or [3, 4]"))));
    let problem = Problem::NotWhole { found: "0.5".to_string() };
    assert_eq!(labelled("y-half.npy"), Err(error(element("y", &[1]), problem)));
    let problem = Problem::NumberType { found: "|O".to_string() };
    assert_eq!(labelled("y-object.npy"), Err(error(array("y"), problem)));
    let options =
        Options { labels: Some(file("y-words.npy")), classes: Some(vec!["walk".to_string()]), ..Options::default() };
    let problem = Problem::UnknownLabel { found: "größe".to_string(), known: ["walk".to_string()].into() };
    assert_eq!(read_with("x-little-f4.npy", &options), Err(error(element("y", &[1]), problem)));
    let missing = labelled("y-not-there.npy").unwrap_err();
    assert_eq!(missing.problem, Problem::Io(std::io::ErrorKind::NotFound));
}

#[test]
fn elements_that_are_no_numbers_are_refused() {
    for (name, found) in [("x-complex.npy", "<c8"), ("x-record.npy", "record")] {
        let problem = Problem::NumberType { found: found.to_string() };
        assert_eq!(read(name), Err(error(array("X"), problem)));
    }
    let problem = Problem::NotANumber { found: "walk".to_string() };
    assert_eq!(read("y-words.npy"), Err(error(element("X", &[0]), problem)));
}

#[test]
fn a_number_that_is_not_finite_is_refused_unless_it_may_be() {
    for (name, found) in [("x-nan.npy", "NaN"), ("x-large.npy", "1e39")] {
        let problem = Problem::NotFinite { found: found.to_string() };
        assert_eq!(read(name), Err(error(element("X", &[2, 1, 1]), problem)));
        let data = read_with(name, &Options { non_finite: true, ..Options::default() }).unwrap();
        assert!(!data.series.at(2).steps[3].is_finite());
    }
}

#[test]
fn an_archive_is_a_whole_data_set() {
    let data = read("plain.npz").unwrap();
    check_values(&data, |x| x);
    assert_eq!(data.classes, ["0", "2"]);

    let data = read("full.npz").unwrap();
    assert_eq!(data.channels, ["acc", "gyro"]);
    assert_eq!(data.classes, ["rest", "walk", "run", "fly"], "in their order, though none flies");
    assert_eq!(data.groups, ["s1", "s2"]);
    let labels = [&[0, 1, 1][..], &[1], &[0, 0, 0, 2]].map(Label::Each);
    for (n, (label, length)) in labels.into_iter().zip([3, 1, 4]).enumerate() {
        let steps = (0..length).flat_map(|t| [0, 1].map(|c| value(n, t, c))).collect::<Vec<_>>();
        assert_eq!(data.series.at(n), Series { label, group: usize::from(n != 1), steps: &steps });
    }
    let data = read("one-axis.npz").unwrap();
    assert_eq!(data.classes, ["a", "b"]);
    assert_eq!(data.groups, ["3", "12"]);
}

#[test]
fn an_archive_whose_arrays_do_not_fit_is_refused() {
    let missing =
        |name: &str| Problem::Missing { name: name.to_string(), present: ["data", "y"].map(String::from).into() };
    assert_eq!(read("no-x.npz"), Err(error(Place::Whole, missing("X"))));
    let options = Options { values: Some(vec!["data".to_string()]), ..Options::default() };
    check_values(&read_with("no-x.npz", &options).unwrap(), |x| x);
    let options = Options { label: Some("target".to_string()), ..options };
    assert_eq!(read_with("no-x.npz", &options), Err(error(Place::Whole, missing("target"))));
    let problem = Problem::Length { found: 5, steps: 4 };
    assert_eq!(read("too-long.npz"), Err(error(element("lengths", &[1]), problem)));
    let problem = Problem::Length { found: -1, steps: 4 };
    assert_eq!(read("negative.npz"), Err(error(element("lengths", &[2]), problem)));
    let problem = Problem::LabelOutOfRange { label: 2, classes: 2 };
    assert_eq!(read("no-class.npz"), Err(error(element("y", &[2]), problem)));
}

#[test]
fn what_is_written_is_read_again() {
    for name in ["plain.npz", "full.npz", "one-axis.npz", "x-one-step.npy"] {
        let data = read(name).unwrap();
        let written = npz::write(&data).unwrap();
        assert_eq!(npz::read(&written, &Options::default()).as_ref(), Ok(&data), "{name}");
        assert_eq!(npz::write(&data).unwrap(), written, "the same bytes each time");
    }
}

#[test]
fn errors_say_what_is_wrong() {
    let say = |error: DataError| error.to_string();
    assert_eq!(say(read("x-nan.npy").unwrap_err()), "X[2, 1, 1]: NaN is not a finite 32-bit number");
    assert_eq!(say(labelled("y-two.npy").unwrap_err()), "y: the shape is [2], expected [3] or [3, 4]");
    let error = data::read(&file("no-x.npz"), &Options::default()).unwrap_err();
    assert_eq!(say(error), format!("{}: there is no `X`, only data, y", file("no-x.npz").display()));
}

#[test]
fn the_values_are_one_array() {
    let asked = |names: &[&str]| Options {
        values: Some(names.iter().map(ToString::to_string).collect()),
        ..Options::default()
    };
    let data = read_with("no-x.npz", &asked(&["data"])).unwrap();
    assert_eq!(data.series.len(), 3);
    for names in [&["data", "y"][..], &[]] {
        let found = names.iter().map(ToString::to_string).collect();
        assert_eq!(read_with("no-x.npz", &asked(names)), Err(error(Place::Whole, Problem::NotOneArray { found })));
    }
}
