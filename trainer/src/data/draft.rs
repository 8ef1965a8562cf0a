use super::memory::Budget;
use super::numbering::{Numbering, check_classes};
use super::precision::Precision;
use super::{DataError, DataSet, Label, MOST, Notes, Options, Problem, Series, SeriesList};

/// Name of the group of sequences whose group is unknown.
pub(super) const NO_GROUP: &str = "0";
/// Largest number of groups, where each spelling counts.
const MOST_GROUPS: usize = 1 << 20;
/// Bytes that a sequence takes in addition to its values, with room to grow.
const OVERHEAD: usize = 16;

/// A data set that is being read: labels and groups are numbered in order of appearance.
pub(super) struct Draft<T> {
    pub classes: Numbering,
    pub groups: Numbering,
    pub series: SeriesList<T>,
    pub precision: Precision,
    pub notes: Notes,
    pub budget: Budget,
}

impl<T> Draft<T> {
    /// Creates a draft of sequences with `channels` channels.
    pub fn new(options: &Options, channels: usize) -> Self {
        Self {
            classes: Numbering::new(options.classes.as_deref(), ("spellings of classes", MOST)),
            groups: Numbering::new(None, ("spellings of groups", MOST_GROUPS)),
            series: SeriesList::new(channels),
            precision: Precision::default(),
            notes: Notes::default(),
            budget: Budget::new(options.limit),
        }
    }

    /// Returns the number that stands for a class; a new name gets the next number.
    pub fn class(&mut self, name: &str) -> Result<usize, Problem> {
        self.classes.number(name, &mut self.budget)
    }

    /// Returns the number that stands for a group; a new name gets the next number.
    pub fn group(&mut self, name: &str) -> Result<usize, Problem> {
        self.groups.number(name, &mut self.budget)
    }

    /// Returns the number that stands for an unknown group.
    pub fn no_group(&mut self) -> usize {
        self.groups.number(NO_GROUP, &mut self.budget).unwrap_or_default()
    }

    /// Adds a sequence without steps; the steps added next belong to it.
    pub fn begin(&mut self, label: Label<'_>, group: usize) -> Result<(), Problem> {
        self.budget.charge(OVERHEAD)?;
        self.series.begin(label, group)
    }

    /// Adds a sequence.
    pub fn add(&mut self, series: Series<'_, T>) -> Result<(), Problem>
    where
        T: Clone,
    {
        self.budget.charge(OVERHEAD + size_of_val(series.steps))?;
        self.series.push(series)
    }

    /// Returns the data set, whose labels and groups are numbered in sorted order, and the oddities noted.
    ///
    /// # Errors
    /// [`DataError`] if there is no sequence, or two classes have the same name.
    pub fn finish(mut self, channels: Vec<String>) -> Result<(DataSet<T>, Notes), DataError> {
        if self.series.is_empty() {
            return Err(DataError::whole(Problem::Empty));
        }
        self.precision.tell(&channels, self.series.len(), &mut self.notes);
        self.notes.spellings("class", &self.classes);
        self.notes.spellings("group", &self.groups);
        let (classes, class) = self.classes.sorted();
        let classes: Vec<_> = classes.iter().map(str::to_string).collect();
        check_classes(&classes)?;
        let (groups, group) = self.groups.sorted();
        self.series.renumber(&class, &group);
        let classes = if self.series.labelling() == Label::None { Vec::new() } else { classes };
        Ok((DataSet { channels, classes, groups, series: self.series }, self.notes))
    }
}
