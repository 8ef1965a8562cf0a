use super::{Label, Problem};
use crate::sample::{Sample, SampleMut};
use elman::target::{Final, Targets};
use elman::{Class, Each, Normalizer};
use std::fmt::Debug;

/// Sequence of steps and labels with sizes fixed by their types, ready for training.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequence<X, Y> {
    /// Time steps, each an `[f32; C]` or a [`Token`](elman::Token).
    pub steps: Vec<X>,
    /// Label of the sequence, or the labels of its steps.
    pub label: Y,
    /// Group of the sequence, an index into the data set's group names.
    pub group: usize,
}

impl<const C: usize, Y: Clone> Sequence<[f32; C], Y> {
    /// Returns the sequence with every step normalised, as on the device.
    #[must_use]
    pub fn normalized(&self, normalizer: &Normalizer<C>) -> Self {
        let steps = self.steps.iter().map(|step| normalizer.apply(step)).collect();
        Self { steps, label: self.label.clone(), group: self.group }
    }
}

/// The class is the target of the whole sequence.
impl<X: Clone + Debug, const K: usize> Sample for Sequence<X, Class<K>> {
    type Input = X;
    type Target = Class<K>;
    fn inputs(&self) -> &[X] {
        &self.steps
    }
    fn targets(&self) -> impl Targets<Class<K>> {
        Final(self.label)
    }
}

impl<X: Clone + Debug, const K: usize> SampleMut for Sequence<X, Class<K>> {
    fn inputs_mut(&mut self) -> &mut [X] {
        &mut self.steps
    }
}

/// The classes are the targets of the steps.
impl<X: Clone + Debug, const K: usize> Sample for Sequence<X, Vec<Class<K>>> {
    type Input = X;
    type Target = Class<K>;
    fn inputs(&self) -> &[X] {
        &self.steps
    }
    fn targets(&self) -> impl Targets<Class<K>> {
        Each(&self.label)
    }
}

impl<X: Clone + Debug, const K: usize> SampleMut for Sequence<X, Vec<Class<K>>> {
    fn inputs_mut(&mut self) -> &mut [X] {
        &mut self.steps
    }
}

/// Each step is the target of the previous one, as in [`ToNext`](crate::ToNext).
impl<X: Clone + Debug> Sample for Sequence<X, ()> {
    type Input = X;
    type Target = X;
    fn inputs(&self) -> &[X] {
        self.steps.split_last().map_or(&[], |(_, inputs)| inputs)
    }
    fn targets(&self) -> impl Targets<X> {
        Each(self.steps.get(1..).unwrap_or_default())
    }
}

/// Label type: `Class<K>` for one label per sequence, `Vec<Class<K>>` for one per step, `()` for labels that are
/// not used.
pub trait Target: Sized {
    /// Checks that the type has room for this many classes.
    ///
    /// # Errors
    /// [`Problem::TooMany`] if there are more classes.
    fn check(classes: usize) -> Result<(), Problem>;
    /// Converts a label to this type.
    ///
    /// # Errors
    /// [`Problem::Labelling`] if the sequence has a different kind of label.
    fn of(label: Label<'_>) -> Result<Self, Problem>;
}

impl Target for () {
    fn check(_: usize) -> Result<(), Problem> {
        Ok(())
    }
    fn of(_: Label<'_>) -> Result<Self, Problem> {
        Ok(())
    }
}

impl<const K: usize> Target for Class<K> {
    fn check(classes: usize) -> Result<(), Problem> {
        if classes > K { Err(Problem::TooMany { what: "classes", found: classes, most: K }) } else { Ok(()) }
    }
    fn of(label: Label<'_>) -> Result<Self, Problem> {
        match label {
            Label::Whole(index) => class(index),
            other => Err(Problem::Labelling { found: other.kind(), expected: "one label" }),
        }
    }
}

impl<const K: usize> Target for Vec<Class<K>> {
    fn check(classes: usize) -> Result<(), Problem> {
        Class::<K>::check(classes)
    }
    fn of(label: Label<'_>) -> Result<Self, Problem> {
        match label {
            Label::Each(indices) => indices.iter().map(|&index| class(index as usize)).collect(),
            other => Err(Problem::Labelling { found: other.kind(), expected: "a label for each step" }),
        }
    }
}

fn class<const K: usize>(index: usize) -> Result<Class<K>, Problem> {
    Class::new(index).map_err(|_| Problem::LabelOutOfRange { label: index as i64, classes: K })
}
