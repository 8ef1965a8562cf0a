use super::Array;
use super::shape::{Labels, Shape};
use crate::data::draft::Draft;
use crate::data::names::channels;
use crate::data::{Axes, DataError, DataSet, Label, Notes, Options, Place, Problem};

/// Arrays that make up a data set.
pub struct Arrays<'a> {
    pub values: Array<'a>,
    pub labels: Option<Array<'a>>,
    pub lengths: Option<Array<'a>>,
    pub groups: Option<Array<'a>>,
    /// Names of the classes; if present, numeric labels are indices into them.
    pub classes: Option<Array<'a>>,
    pub channels: Option<Array<'a>>,
}

impl<'a> Arrays<'a> {
    /// Creates the arrays of a data set that has only values.
    pub fn of(values: Array<'a>) -> Self {
        Self { values, labels: None, lengths: None, groups: None, classes: None, channels: None }
    }

    /// Returns the data set and the oddities noted.
    ///
    /// # Errors
    /// [`DataError`] if an array is damaged, the shapes do not fit together, or an element is not valid in its array.
    pub fn data_set(&self, options: &Options) -> Result<(DataSet, Notes), DataError> {
        let data = self.assemble(options);
        // If an array is damaged, report that first, since other errors may follow from it.
        let others = [&self.labels, &self.lengths, &self.groups, &self.classes, &self.channels];
        let mut all = others.into_iter().flatten().chain([&self.values]);
        all.try_for_each(Array::finish).and(data)
    }

    fn assemble(&self, options: &Options) -> Result<(DataSet, Notes), DataError> {
        let alone = self.labels.is_none() && self.lengths.is_none();
        let usual = if alone { Axes::StepsChannels } else { Axes::SequencesSteps };
        let shape = Shape::of(&self.values, options.axes.unwrap_or(usual))?;
        let classes = self.classes.as_ref().map(|names| names.names(names.shape().iter().product())).transpose()?;
        let names = self.channels.as_ref().map(|names| names.names(shape.channels)).transpose()?;
        [&self.lengths, &self.groups].into_iter().flatten().try_for_each(|array| array.expect(shape.sequences))?;
        let labels = self.labels.as_ref().map(|labels| Labels::of(labels, shape)).transpose()?;

        let given = options.classes.clone().or_else(|| classes.clone());
        let mut draft =
            Draft::new(&Options { classes: given, limit: options.limit, ..Options::default() }, shape.channels);
        let reading = Reading { arrays: self, shape, labels, classes: classes.as_deref(), options };
        for sequence in 0..shape.sequences {
            reading.series(sequence, &mut draft)?;
        }
        draft.finish(names.unwrap_or_else(|| channels(shape.channels)))
    }
}

/// Arrays whose shapes fit together.
struct Reading<'a, 'r> {
    arrays: &'a Arrays<'r>,
    shape: Shape,
    labels: Option<Labels<'a, 'r>>,
    classes: Option<&'a [String]>,
    options: &'a Options,
}

impl Reading<'_, '_> {
    fn series(&self, sequence: usize, draft: &mut Draft<f32>) -> Result<(), DataError> {
        let (length, at) = (self.length(sequence)?, |problem| DataError::new(Place::Sequence(sequence), problem));
        let label = match self.labels {
            None => Label::None,
            Some(labels) if labels.each_step => Label::Each(&[]),
            Some(labels) => Label::Whole(self.class(labels, (sequence, 0), draft)?),
        };
        let group = self.group(sequence, draft)?;
        draft.begin(label, group).map_err(at)?;
        let count = length * self.shape.channels;
        draft.budget.charge(count * size_of::<f32>()).and_then(|()| draft.series.room(count)).map_err(at)?;
        for step in 0..length {
            for channel in 0..self.shape.channels {
                let (exact, value) = self.value(sequence, step, channel)?;
                draft.precision.add(channel, exact, value);
                draft.series.put(value);
            }
        }
        if let Some(labels) = self.labels.filter(|labels| labels.each_step) {
            draft.budget.charge(length * size_of::<u32>()).map_err(at)?;
            for step in 0..length {
                let class = self.class(labels, (sequence, step), draft)?;
                draft.series.label_step(class).map_err(at)?;
            }
        }
        draft.series.end().map_err(at)
    }

    /// Returns the number of steps in a sequence, not counting padding.
    fn length(&self, sequence: usize) -> Result<usize, DataError> {
        let Some(lengths) = &self.arrays.lengths else {
            return Ok(self.shape.steps);
        };
        let (found, steps) = (lengths.whole(&[sequence])?, self.shape.steps);
        let length = usize::try_from(found).ok().filter(|&length| length <= steps);
        length.ok_or_else(|| lengths.error(&[sequence], Problem::Length { found, steps }))
    }

    fn value(&self, sequence: usize, step: usize, channel: usize) -> Result<(f64, f32), DataError> {
        let (index, values) = (self.shape.value(sequence, step, channel), &self.arrays.values);
        let number = values.number(index.as_slice())?;
        // The error shows the number as stored, even if it is too large for `f32`.
        let wrong = |_| values.error(index.as_slice(), Problem::NotFinite { found: format!("{number:e}") });
        Ok((number, self.options.finite(number as f32).map_err(wrong)?))
    }

    fn class(
        &self,
        labels: Labels<'_, '_>,
        (sequence, step): (usize, usize),
        draft: &mut Draft<f32>,
    ) -> Result<usize, DataError> {
        let name = labels.name(sequence, step, self.classes)?;
        draft.class(&name).map_err(|problem| labels.error(sequence, step, problem))
    }

    fn group(&self, sequence: usize, draft: &mut Draft<f32>) -> Result<usize, DataError> {
        let Some(groups) = &self.arrays.groups else {
            return Ok(draft.no_group());
        };
        let name = groups.name_at(&[sequence])?;
        draft.group(&name).map_err(|problem| groups.error(&[sequence], problem))
    }
}
