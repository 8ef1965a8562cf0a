//! Check of a data set from any file: it is written by us and read again.

use elman_trainer::data::{DataError, DataSet, Label, Options};

/// Reader of a format.
pub type Read = fn(&[u8], &Options) -> Result<DataSet, DataError>;
/// Writer of a format.
pub type Write = fn(&DataSet) -> Result<Vec<u8>, DataError>;

/// Returns the options to read with: the default ones, and those that allow non-finite values.
pub fn options() -> [Options; 2] {
    [Options::default(), Options { non_finite: true, ..Options::default() }]
}

/// Checks that a data set read with `options` is the same after being written and read again, unless the writer
/// refuses it.
pub fn check(bytes: &[u8], options: &Options, first: Read, (write, read): (Write, Read)) {
    let Ok(data) = first(bytes, options) else { return };
    consistent(&data);
    let Ok(file) = write(&data) else { return };
    let again = Options { each_step: options.each_step, non_finite: options.non_finite, ..Options::default() };
    let again = read(&file, &again).unwrap_or_else(|error| panic!("the written data set cannot be read: {error}"));
    assert_eq!((&data.channels, &data.classes, &data.groups), (&again.channels, &again.classes, &again.groups));
    assert_eq!(data.series.len(), again.series.len());
    for (before, after) in data.series.iter().zip(again.series.iter()) {
        assert_eq!((before.label, before.group), (after.label, after.group));
        let pairs = before.steps.iter().zip(after.steps);
        let same = |(x, y): (&f32, &f32)| x.to_bits() == y.to_bits() || x.is_nan() && y.is_nan();
        assert!(before.steps.len() == after.steps.len() && pairs.into_iter().all(same), "the values differ");
    }
}

/// Checks that every index has a name, that every step is complete, and that per-step labels match the steps in number.
fn consistent(data: &DataSet) {
    assert!(!data.channels.is_empty());
    for series in data.series.iter() {
        assert!(series.steps.len().is_multiple_of(data.channels.len()));
        assert!(series.group < data.groups.len());
        assert!(series.label.classes().all(|class| class < data.classes.len()));
        if let Label::Each(classes) = series.label {
            assert_eq!(classes.len(), data.length(series));
        }
    }
}
