use super::Array;
use crate::data::{Axes, DataError, MOST, Problem};

/// Sizes of an array of values.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub sequences: usize,
    pub steps: usize,
    pub channels: usize,
    axes: Kept,
}

/// Axes of (N, T, C) that the array has.
#[derive(Clone, Copy, Debug)]
struct Kept {
    sequences: bool,
    channels: bool,
}

/// Index of an element along up to three axes.
pub struct Index {
    places: [usize; 3],
    axes: usize,
}

impl Index {
    pub fn as_slice(&self) -> &[usize] {
        &self.places[..self.axes]
    }
}

impl Shape {
    /// Returns the shape of an array of values; `axes` gives the meaning of the axes if there are two.
    pub fn of(values: &Array<'_>, axes: Axes) -> Result<Self, DataError> {
        let (sequences, steps, channels, axes) = match (values.shape(), axes) {
            (&[n, t, c], _) => (n, t, c, Kept { sequences: true, channels: true }),
            (&[n, t], Axes::SequencesSteps) => (n, t, 1, Kept { sequences: true, channels: false }),
            (&[t, c], Axes::StepsChannels) => (1, t, c, Kept { sequences: false, channels: true }),
            (&[t], _) => (1, t, 1, Kept { sequences: false, channels: false }),
            _ => return Err(values.shape_error("(N, T, C), (N, T), (T, C) or (T,)")),
        };
        // Without elements, the number of sequences would be unlimited.
        if steps == 0 || channels == 0 {
            return Err(values.shape_error("at least one step and one channel"));
        }
        if channels > MOST {
            return Err(values.too_many_channels(channels));
        }
        Ok(Self { sequences, steps, channels, axes })
    }

    /// Returns the index of a value in the array.
    pub fn value(&self, sequence: usize, step: usize, channel: usize) -> Index {
        let axes = [(self.axes.sequences, sequence), (true, step), (self.axes.channels, channel)];
        let mut index = Index { places: [0; 3], axes: 0 };
        for (_, place) in axes.into_iter().filter(|(kept, _)| *kept) {
            index.places[index.axes] = place;
            index.axes += 1;
        }
        index
    }
}

/// Array of labels, one for each sequence or one for each step.
#[derive(Clone, Copy)]
pub struct Labels<'a, 'r> {
    array: &'a Array<'r>,
    /// True if each step has a label of its own.
    pub each_step: bool,
}

impl<'a, 'r> Labels<'a, 'r> {
    pub fn of(array: &'a Array<'r>, shape: Shape) -> Result<Self, DataError> {
        let (n, t) = (shape.sequences, shape.steps);
        let each_step = match (shape.axes.sequences, array.shape()) {
            (true, [count]) if *count == n => false,
            (true, [count, steps]) if (*count, *steps) == (n, t) => true,
            (true, _) => return Err(array.shape_error(&format!("[{n}] or [{n}, {t}]"))),
            (false, [] | [1]) => false,
            (false, [steps]) if *steps == t => true,
            (false, _) => return Err(array.shape_error(&format!("[1] or [{t}]"))),
        };
        Ok(Self { array, each_step })
    }

    /// Returns the class name of a sequence, or of one of its steps. Numeric labels are indices into `classes`, if
    /// given.
    pub fn name(&self, sequence: usize, step: usize, classes: Option<&[String]>) -> Result<String, DataError> {
        let (index, array) = (self.index(sequence, step), self.array);
        let Some(classes) = classes.filter(|_| !array.is_text()) else {
            return array.name_at(index.as_slice());
        };
        let label = array.whole(index.as_slice())?;
        let name = usize::try_from(label).ok().and_then(|label| classes.get(label));
        let problem = || Problem::LabelOutOfRange { label, classes: classes.len() };
        name.cloned().ok_or_else(|| self.error(sequence, step, problem()))
    }

    /// Returns an error about a label.
    pub fn error(&self, sequence: usize, step: usize, problem: Problem) -> DataError {
        self.array.error(self.index(sequence, step).as_slice(), problem)
    }

    fn index(&self, sequence: usize, step: usize) -> Index {
        match (self.each_step, self.array.shape().len()) {
            (true, 2) => Index { places: [sequence, step, 0], axes: 2 },
            (true, _) => Index { places: [step, 0, 0], axes: 1 },
            (false, axes) => Index { places: [sequence, 0, 0], axes },
        }
    }
}
