use super::Problem;
use super::memory::room;

/// Sequences of one kind in flat memory, with twelve bytes of overhead each, so that even tiny sequences are
/// cheap.
///
/// ```
/// use elman_trainer::data::{Label, Series, SeriesList};
///
/// let mut list = SeriesList::new(2);
/// list.push(Series { label: Label::Whole(1), group: 0, steps: &[0.5, 1.0, 0.7, 2.0] })?;
/// assert_eq!((list.len(), list.at(0).steps[2]), (1, 0.7));
/// # Ok::<(), elman_trainer::data::Problem>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesList<T = f32> {
    channels: usize,
    /// Values of all sequences, time-major.
    steps: Vec<T>,
    /// End of each sequence, as an index into the steps of all sequences.
    ends: Vec<u32>,
    groups: Vec<u32>,
    labels: Labels,
}

/// The classes of all sequences, as indices into the class names.
#[derive(Clone, Debug, PartialEq)]
enum Labels {
    None,
    /// One class for each sequence.
    Whole(Vec<u32>),
    /// One class for each step.
    Each(Vec<u32>),
}

/// One sequence.
#[derive(Debug, PartialEq)]
pub struct Series<'a, T = f32> {
    /// Label of the sequence, or the labels of its steps.
    pub label: Label<'a>,
    /// Group of the sequence, an index into the group names.
    pub group: usize,
    /// Values, time-major: all channels of step 0, then of step 1.
    pub steps: &'a [T],
}

impl<T> Clone for Series<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Series<'_, T> {}

/// The classes of a sequence, as indices into the class names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label<'a> {
    /// The class is unknown.
    None,
    /// One class for the whole sequence.
    Whole(usize),
    /// One class for each step.
    Each(&'a [u32]),
}

impl Label<'_> {
    /// Returns the kind of label in words.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::None => "no label",
            Self::Whole(_) => "one label",
            Self::Each(_) => "a label for each step",
        }
    }

    /// Returns every class in the label.
    pub fn classes(&self) -> impl Iterator<Item = usize> {
        let (whole, each) = match *self {
            Label::None => (None, &[][..]),
            Label::Whole(class) => (Some(class), &[][..]),
            Label::Each(classes) => (None, classes),
        };
        whole.into_iter().chain(each.iter().map(|&class| class as usize))
    }

    /// Returns the class of a step.
    pub(super) fn class(&self, step: usize) -> Option<usize> {
        match self {
            Self::None => None,
            Self::Whole(class) => Some(*class),
            Self::Each(classes) => classes.get(step).map(|&class| class as usize),
        }
    }
}

impl<T> SeriesList<T> {
    /// Returns an empty list for sequences of `channels` channels; 0 counts as 1.
    #[must_use]
    pub const fn new(channels: usize) -> Self {
        let channels = if channels > 0 { channels } else { 1 };
        Self { channels, steps: Vec::new(), ends: Vec::new(), groups: Vec::new(), labels: Labels::None }
    }

    /// Returns the number of sequences.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns `true` if there are no sequences.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Returns the sequence at an index.
    ///
    /// # Panics
    /// If there is no sequence with this index.
    #[must_use]
    pub fn at(&self, index: usize) -> Series<'_, T> {
        let [start, end] = [index.checked_sub(1), Some(index)].map(|at| at.map_or(0, |at| self.ends[at] as usize));
        let label = match &self.labels {
            Labels::None => Label::None,
            Labels::Whole(all) => Label::Whole(all[index] as usize),
            Labels::Each(all) => Label::Each(&all[start..end]),
        };
        let steps = &self.steps[start * self.channels..end * self.channels];
        Series { label, group: self.groups[index] as usize, steps }
    }

    /// Returns the sequences in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Series<'_, T>> + Clone {
        (0..self.len()).map(|index| self.at(index))
    }

    /// Returns a placeholder label of the kind that all sequences have.
    pub(super) fn labelling(&self) -> Label<'static> {
        match self.labels {
            Labels::None => Label::None,
            Labels::Whole(_) => Label::Whole(0),
            Labels::Each(_) => Label::Each(&[]),
        }
    }

    /// Adds a sequence without steps; the steps added next belong to it.
    ///
    /// # Errors
    /// [`Problem::Labelling`] if its kind of label differs from that of the first sequence,
    /// [`Problem::Source`] if memory runs out.
    pub(super) fn begin(&mut self, label: Label<'_>, group: usize) -> Result<(), Problem> {
        if self.is_empty() {
            self.labels = match label {
                Label::None => Labels::None,
                Label::Whole(_) => Labels::Whole(Vec::new()),
                Label::Each(_) => Labels::Each(Vec::new()),
            };
        }
        let expected = self.labelling();
        match (&mut self.labels, label) {
            (Labels::None, Label::None) => {}
            (Labels::Whole(all), Label::Whole(class)) => put(all, small("classes", class)?)?,
            (Labels::Each(all), Label::Each(classes)) => {
                room(all, classes.len())?;
                all.extend(classes);
            }
            _ => return Err(Problem::Labelling { found: label.kind(), expected: expected.kind() }),
        }
        put(&mut self.groups, small("groups", group)?)?;
        small("sequences", self.len() + 1)?;
        let end = self.ends.last().copied().unwrap_or_default();
        put(&mut self.ends, end)
    }

    /// Adds the class of a step, if each step has one.
    pub(super) fn label_step(&mut self, class: usize) -> Result<(), Problem> {
        match &mut self.labels {
            Labels::Each(all) => put(all, small("classes", class)?),
            _ => Ok(()),
        }
    }

    /// Reserves room for `values` more values.
    pub(super) fn room(&mut self, values: usize) -> Result<(), Problem> {
        room(&mut self.steps, values)
    }

    /// Adds a value, for which room must have been reserved.
    pub(super) fn put(&mut self, value: T) {
        self.steps.push(value);
    }

    /// Assigns the values added so far to the last sequence.
    pub(super) fn end(&mut self) -> Result<(), Problem> {
        let end = small("steps", self.steps.len() / self.channels)?;
        self.ends.last_mut().into_iter().for_each(|last| *last = end);
        Ok(())
    }

    /// Replaces each class and group by the number at its index in `classes` or `groups`.
    pub(super) fn renumber(&mut self, classes: &[u32], groups: &[u32]) {
        let labels = match &mut self.labels {
            Labels::None => &mut [][..],
            Labels::Whole(all) | Labels::Each(all) => all,
        };
        for (numbers, places) in [(labels, classes), (&mut self.groups[..], groups)] {
            numbers.iter_mut().for_each(|number| *number = places[*number as usize]);
        }
    }

    /// Returns the index of the sequence that each step belongs to.
    pub(super) fn owners(&self) -> Result<Vec<u32>, Problem> {
        let mut owners = Vec::new();
        room(&mut owners, self.steps.len() / self.channels)?;
        for (&end, sequence) in self.ends.iter().zip(0..) {
            owners.resize(end as usize, sequence);
        }
        Ok(owners)
    }
}

impl<T: Clone> SeriesList<T> {
    /// Returns a list of the sequences `all`, which have `channels` channels.
    ///
    /// # Errors
    /// Same as [`push`](Self::push).
    ///
    /// # Panics
    /// Same as [`push`](Self::push).
    pub fn of<'a>(channels: usize, all: impl IntoIterator<Item = Series<'a, T>>) -> Result<Self, Problem>
    where
        T: 'a,
    {
        let mut list = Self::new(channels);
        all.into_iter().try_for_each(|series| list.push(series))?;
        Ok(list)
    }

    /// Adds a sequence.
    ///
    /// # Errors
    /// [`Problem::Labelling`] if its kind of label differs from that of the first sequence,
    /// [`Problem::TooMany`] if there are 2³² steps in total, [`Problem::Source`] if memory runs out.
    ///
    /// # Panics
    /// If a step has fewer values than channels, or the number of step labels differs from the number of steps.
    pub fn push(&mut self, series: Series<'_, T>) -> Result<(), Problem> {
        let Series { label, group, steps } = series;
        assert!(steps.len().is_multiple_of(self.channels), "a step has a value for each channel");
        if let Label::Each(classes) = label {
            assert_eq!(classes.len(), steps.len() / self.channels, "each step has a label");
        }
        self.begin(label, group)?;
        self.room(steps.len())?;
        self.steps.extend_from_slice(steps);
        self.end()
    }

    /// Groups the steps by sequence, keeping their order; `owners` holds the sequence of each step.
    pub(super) fn gather(&mut self, owners: &[u32]) -> Result<(), Problem> {
        self.ends.fill(0);
        owners.iter().for_each(|&owner| self.ends[owner as usize] += 1);
        let mut sum = 0;
        self.ends.iter_mut().for_each(|end| {
            sum += *end;
            *end = sum;
        });
        self.steps = gathered(&self.steps, self.channels, owners, &self.ends)?;
        if let Labels::Each(all) = &mut self.labels {
            *all = gathered(all, 1, owners, &self.ends)?;
        }
        Ok(())
    }
}

/// Returns the items of each step, sorted by owner.
fn gathered<T: Clone>(items: &[T], width: usize, owners: &[u32], ends: &[u32]) -> Result<Vec<T>, Problem> {
    let (mut next, mut all) = (Vec::<u32>::new(), Vec::new());
    room(&mut next, ends.len())?;
    room(&mut all, items.len())?;
    next.extend([0].iter().chain(ends).take(ends.len()));
    all.extend_from_slice(items);
    for (step, &owner) in items.chunks_exact(width).zip(owners) {
        let place = &mut next[owner as usize];
        all[*place as usize * width..][..width].clone_from_slice(step);
        *place += 1;
    }
    Ok(all)
}

fn put(numbers: &mut Vec<u32>, number: u32) -> Result<(), Problem> {
    room(numbers, 1)?;
    numbers.push(number);
    Ok(())
}

fn small(what: &'static str, number: usize) -> Result<u32, Problem> {
    u32::try_from(number).map_err(|_| Problem::TooMany { what, found: number, most: u32::MAX as usize })
}
