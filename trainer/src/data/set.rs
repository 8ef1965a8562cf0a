use super::{DataError, Label, Names, Place, Problem, Sequence, Series, SeriesList, Target};

/// Labelled sequences of one kind: of numbers, or of pieces of text.
///
/// Names are stored here once; everything else refers to them by index.
#[derive(Clone, Debug, PartialEq)]
pub struct DataSet<T = f32> {
    /// Names of the values in a time step.
    pub channels: Vec<String>,
    /// Names of the classes; empty if the sequences have no labels. Every label is an index into this list.
    pub classes: Vec<String>,
    /// Names of the groups, such as subjects; a single `0` if they are unknown.
    pub groups: Names,
    /// Sequences, in the order of the file.
    pub series: SeriesList<T>,
}

impl<T> DataSet<T> {
    /// Returns the number of time steps of a sequence.
    #[must_use]
    pub fn length(&self, series: Series<'_, T>) -> usize {
        series.steps.len() / self.channels.len().max(1)
    }
}

impl<T: Clone> DataSet<T> {
    /// Returns the sequences with these indices, in this order; the names stay the same.
    ///
    /// # Panics
    /// If an index is out of range, or memory runs out.
    #[must_use]
    pub fn part(&self, indices: &[usize]) -> Self {
        self.with(indices.iter().map(|&index| self.series.at(index)))
    }

    /// Cuts every sequence into windows of `length` steps, each beginning `hop` steps after the previous one.
    /// Steps left over at the end of a sequence, and sequences shorter than `length`, give no window.
    ///
    /// # Panics
    /// If `length` or `hop` is 0, or memory runs out.
    #[must_use]
    pub fn windows(&self, length: usize, hop: usize) -> Self {
        assert!(length > 0 && hop > 0, "a window has steps, and the next one begins later");
        let cut = |series| {
            let windows = (self.length(series) + 1).saturating_sub(length).div_ceil(hop);
            (0..windows).map(move |window| self.window(series, window * hop, length))
        };
        self.with(self.series.iter().flat_map(cut))
    }

    fn window<'a>(&self, series: Series<'a, T>, start: usize, length: usize) -> Series<'a, T> {
        let (end, channels) = (start + length, self.channels.len());
        let label = match series.label {
            Label::Each(classes) => Label::Each(&classes[start..end]),
            whole => whole,
        };
        Series { label, group: series.group, steps: &series.steps[start * channels..end * channels] }
    }

    fn with<'a>(&self, all: impl Iterator<Item = Series<'a, T>>) -> Self
    where
        T: 'a,
    {
        let series = SeriesList::of(self.channels.len(), all).unwrap_or_else(|problem| panic!("{problem}"));
        Self { channels: self.channels.clone(), classes: self.classes.clone(), groups: self.groups.clone(), series }
    }
}

impl DataSet {
    /// Returns the sequences with steps as arrays of `C` channels and labels of type `Y`.
    ///
    /// # Errors
    /// [`DataError`] if the data set does not have `C` channels, or its labels do not fit type `Y`.
    pub fn sequences<const C: usize, Y: Target>(&self) -> Result<Vec<Sequence<[f32; C], Y>>, DataError> {
        if self.channels.len() != C {
            let problem = Problem::Channels { found: self.channels.len(), expected: C };
            return Err(DataError::whole(problem));
        }
        self.typed(|series| Ok(series.steps.as_chunks().0.to_vec()))
    }
}

impl<T> DataSet<T> {
    /// Returns the sequences with steps converted by `steps` and labels of type `Y`.
    pub(super) fn typed<X, Y: Target>(
        &self,
        steps: impl Fn(Series<'_, T>) -> Result<Vec<X>, Problem>,
    ) -> Result<Vec<Sequence<X, Y>>, DataError> {
        Y::check(self.classes.len()).map_err(DataError::whole)?;
        let sequence = |series: Series<'_, T>| {
            Ok(Sequence { steps: steps(series)?, label: Y::of(series.label)?, group: series.group })
        };
        let at = |(index, series)| sequence(series).map_err(|problem| DataError::new(Place::Sequence(index), problem));
        self.series.iter().enumerate().map(at).collect()
    }
}
