use super::{DataError, Place, Problem, Sequence, Target};

/// Labelled sequences of one kind: of numbers, or of pieces of text.
///
/// What has a name has it here once, and is a number everywhere else.
#[derive(Clone, Debug, PartialEq)]
pub struct DataSet<T = f32> {
    /// The names of the values of a time step.
    pub channels: Vec<String>,
    /// The names of the classes; none if the sequences have no labels. Every label is an index into them.
    pub classes: Vec<String>,
    /// The names of the groups, such as subjects; a single `0` if they are unknown.
    pub groups: Vec<String>,
    /// The sequences, in the order of the file.
    pub series: Vec<Series<T>>,
}

/// One sequence.
#[derive(Clone, Debug, PartialEq)]
pub struct Series<T = f32> {
    /// What it is, or its steps are.
    pub label: Label,
    /// The group it belongs to, an index into the names.
    pub group: usize,
    /// The values, time-major: all channels of step 0, then of step 1.
    pub steps: Vec<T>,
}

/// The classes of a sequence, as indices into their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Label {
    /// Not known.
    None,
    /// One for the whole sequence.
    Whole(usize),
    /// One for each step.
    Each(Vec<usize>),
}

impl Label {
    /// How a sequence is labelled, in words.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::None => "no label",
            Self::Whole(_) => "one label",
            Self::Each(_) => "a label for each step",
        }
    }

    /// Every class it names.
    pub(super) fn classes(&self) -> &[usize] {
        match self {
            Self::None => &[],
            Self::Whole(class) => std::slice::from_ref(class),
            Self::Each(classes) => classes,
        }
    }

    pub(super) fn classes_mut(&mut self) -> &mut [usize] {
        match self {
            Self::None => &mut [],
            Self::Whole(class) => std::slice::from_mut(class),
            Self::Each(classes) => classes,
        }
    }

    /// That of the steps from `start` to before `end`.
    fn window(&self, start: usize, end: usize) -> Self {
        match self {
            Self::Each(classes) => Self::Each(classes[start..end].to_vec()),
            whole => whole.clone(),
        }
    }
}

impl<T> DataSet<T> {
    /// The number of time steps of a sequence.
    #[must_use]
    pub fn length(&self, series: &Series<T>) -> usize {
        series.steps.len() / self.channels.len().max(1)
    }

    /// How all sequences are labelled; that of an unlabelled one if there are none.
    ///
    /// # Errors
    /// [`Problem::Labelling`] at the first that is labelled in another way than the first of all.
    pub(super) fn labelling(&self) -> Result<&Label, DataError> {
        let first = self.series.first().map_or(&Label::None, |series| &series.label);
        let other = self.series.iter().position(|series| series.label.kind() != first.kind());
        other.map_or(Ok(first), |at| {
            let problem = Problem::Labelling { found: self.series[at].label.kind(), expected: first.kind() };
            Err(DataError::new(Place::Sequence(at), problem))
        })
    }
}

impl<T: Clone> DataSet<T> {
    /// The sequences with these indices, in their order; the names stay as they are.
    ///
    /// # Panics
    /// If an index is not one of a sequence.
    #[must_use]
    pub fn part(&self, indices: &[usize]) -> Self {
        self.with(indices.iter().map(|&index| self.series[index].clone()).collect())
    }

    /// Every sequence cut into windows of `length` steps, each beginning `hop` steps after the one before. What is left at
    /// the end of a sequence, and a sequence that is shorter, gives none.
    ///
    /// # Panics
    /// If `length` or `hop` is 0.
    #[must_use]
    pub fn windows(&self, length: usize, hop: usize) -> Self {
        assert!(length > 0 && hop > 0, "a window has steps, and the next one begins later");
        let cut = |series: &Series<T>| {
            let windows = (self.length(series) + 1).saturating_sub(length).div_ceil(hop);
            (0..windows).map(|window| self.window(series, window * hop, length)).collect::<Vec<_>>()
        };
        self.with(self.series.iter().flat_map(cut).collect())
    }

    fn window(&self, series: &Series<T>, start: usize, length: usize) -> Series<T> {
        let (end, channels) = (start + length, self.channels.len());
        let steps = series.steps[start * channels..end * channels].to_vec();
        Series { label: series.label.window(start, end), group: series.group, steps }
    }

    fn with(&self, series: Vec<Series<T>>) -> Self {
        Self { channels: self.channels.clone(), classes: self.classes.clone(), groups: self.groups.clone(), series }
    }
}

impl DataSet {
    /// The sequences, each step an array of `C` channels, each label a `Y`.
    ///
    /// # Errors
    /// [`DataError`] if the data set does not have `C` channels, or its labels are not of the type.
    pub fn sequences<const C: usize, Y: Target>(&self) -> Result<Vec<Sequence<[f32; C], Y>>, DataError> {
        if self.channels.len() != C {
            let problem = Problem::Channels { found: self.channels.len(), expected: C };
            return Err(DataError::whole(problem));
        }
        self.typed(|series| Ok(series.steps.as_chunks().0.to_vec()))
    }
}

impl<T> DataSet<T> {
    /// The sequences, with the steps that `steps` makes of each and labels of a type.
    pub(super) fn typed<X, Y: Target>(
        &self,
        steps: impl Fn(&Series<T>) -> Result<Vec<X>, Problem>,
    ) -> Result<Vec<Sequence<X, Y>>, DataError> {
        Y::check(self.classes.len()).map_err(DataError::whole)?;
        let sequence = |series: &Series<T>| {
            Ok(Sequence { steps: steps(series)?, label: Y::of(&series.label)?, group: series.group })
        };
        let at = |(index, series)| sequence(series).map_err(|problem| DataError::new(Place::Sequence(index), problem));
        self.series.iter().enumerate().map(at).collect()
    }
}
