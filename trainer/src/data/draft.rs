use super::memory::{Budget, room};
use super::names::{Names, check_classes};
use super::precision::Precision;
use super::{DataError, DataSet, Label, MOST, Notes, Options, Problem, Series};

/// The name of the group of sequences of which it is unknown.
pub(super) const NO_GROUP: &str = "0";
/// Most groups, in all their spellings.
const MOST_GROUPS: usize = 1 << 20;
/// Bytes beside the values of a sequence.
const OVERHEAD: usize = 128;

/// A data set that is being read: labels and groups are numbered as they come.
pub(super) struct Draft<T> {
    pub classes: Names,
    pub groups: Names,
    pub series: Vec<Series<T>>,
    pub precision: Precision,
    pub notes: Notes,
    pub budget: Budget,
}

impl<T> Draft<T> {
    pub fn new(options: &Options) -> Self {
        Self {
            classes: Names::new(options.classes.as_deref(), ("spellings of classes", MOST)),
            groups: Names::new(None, ("spellings of groups", MOST_GROUPS)),
            series: Vec::new(),
            precision: Precision::default(),
            notes: Notes::default(),
            budget: Budget::new(options.limit),
        }
    }

    /// The number of a class.
    pub fn class(&mut self, name: &str) -> Result<usize, Problem> {
        number(&mut self.classes, &mut self.budget, name)
    }

    /// The number of a group.
    pub fn group(&mut self, name: &str) -> Result<usize, Problem> {
        number(&mut self.groups, &mut self.budget, name)
    }

    /// The number of the group of sequences of which it is unknown.
    pub fn no_group(&mut self) -> usize {
        self.groups.number(NO_GROUP).unwrap_or_default()
    }

    /// Adds a sequence that has a name of so many bytes.
    pub fn add(&mut self, series: Series<T>, name: usize) -> Result<(), Problem> {
        self.budget.charge(OVERHEAD + name)?;
        room(&mut self.series, 1)?;
        self.series.push(series);
        Ok(())
    }

    /// The data set, its labels and groups numbered in sorted order, and what was odd.
    ///
    /// # Errors
    /// [`DataError`] if there is no sequence, not all are labelled alike, or two classes have the same name.
    pub fn finish(mut self, channels: Vec<String>) -> Result<(DataSet<T>, Notes), DataError> {
        if self.series.is_empty() {
            return Err(DataError::whole(Problem::Empty));
        }
        self.precision.tell(&channels, self.series.len(), &mut self.notes);
        self.notes.spellings("class", &self.classes);
        self.notes.spellings("group", &self.groups);
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
        Ok((data, self.notes))
    }
}

fn number(names: &mut Names, budget: &mut Budget, name: &str) -> Result<usize, Problem> {
    let before = names.spellings();
    let number = names.number(name)?;
    if names.spellings() > before {
        budget.charge_name(name.len())?;
    }
    Ok(number)
}
