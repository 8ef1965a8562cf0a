use super::names::{Names, check_classes};
use super::{DataError, DataSet, Label, Options, Problem, Series};

/// The name of the group of sequences of which it is unknown.
pub(super) const NO_GROUP: &str = "0";

/// A data set that is being read: labels and groups are numbered as they come.
pub(super) struct Draft<T> {
    pub classes: Names,
    pub groups: Names,
    pub series: Vec<Series<T>>,
}

impl<T> Draft<T> {
    pub fn new(options: &Options) -> Self {
        Self { classes: Names::new(options.classes.as_deref()), groups: Names::new(None), series: Vec::new() }
    }

    /// The number of the group of sequences of which it is unknown.
    pub fn no_group(&mut self) -> usize {
        self.groups.number(NO_GROUP).unwrap_or_default()
    }

    /// The data set, its labels and groups numbered in sorted order.
    ///
    /// # Errors
    /// [`DataError`] if there is no sequence, not all are labelled alike, or two classes have the same name.
    pub fn finish(mut self, channels: Vec<String>) -> Result<DataSet<T>, DataError> {
        if self.series.is_empty() {
            return Err(DataError::whole(Problem::Empty));
        }
        let (classes, class) = self.classes.sorted();
        check_classes(&classes)?;
        let (groups, group) = self.groups.sorted();
        for series in &mut self.series {
            series.label.classes_mut().iter_mut().for_each(|label| *label = class[*label]);
            series.group = group[series.group];
        }
        let mut data = DataSet { channels, classes, groups, series: self.series };
        if data.labelling()? == &Label::None {
            data.classes.clear();
        }
        Ok(data)
    }
}
