//! Training samples: a sequence and the outputs that a network should give.
//!
//! | sample | its targets | for |
//! |---|---|---|
//! | [`ToOne`] | one, for the whole sequence | classification, a value read off at the end |
//! | [`ToEach`] | one for each step | labelling, a value for each step |
//! | [`ToSome`] | one for some of the steps | the same, with steps that do not count |
//! | [`ToNext`] | the next item, for each step | text, a series to forecast |
//! | [`TeacherForced`] | for the last steps | one sequence into another, by an encoder–decoder |
//!
//! Classes and tokens go with [`CrossEntropy`](elman::CrossEntropy), values with [`SquaredError`](elman::SquaredError).

use elman::target::{Final, Targets};
use elman::task::TeacherForced;
use elman::{Class, Each, Masked, Side, Token};
use std::fmt::Debug;

/// A sequence and its targets.
pub trait Sample: Clone {
    /// Input of a step. A checkpoint stores a checksum of the samples' [`Debug`] output.
    type Input: Debug;
    /// Target of an output.
    type Target: Debug;
    /// Returns the input sequence.
    fn inputs(&self) -> &[Self::Input];
    /// Returns the targets of the sequence.
    fn targets(&self) -> impl Targets<Self::Target>;
}

/// A sequence whose inputs can be changed without changing its targets, which must not be its own steps.
pub trait SampleMut: Sample {
    /// Returns the input sequence as a mutable slice.
    fn inputs_mut(&mut self) -> &mut [Self::Input];
}

/// A sequence with one target, a class or a value. With a bidirectional layer, the answer comes from the last
/// output of each direction.
#[derive(Clone, Debug, PartialEq)]
pub struct ToOne<X, Y> {
    /// Input sequence.
    pub inputs: Vec<X>,
    /// Class or value to predict.
    pub target: Y,
}

impl<X: Clone + Debug, Y: Clone + Debug> Sample for ToOne<X, Y> {
    type Input = X;
    type Target = Y;
    fn inputs(&self) -> &[X] {
        &self.inputs
    }
    fn targets(&self) -> impl Targets<Y> {
        Final(self.target.clone())
    }
}

impl<X: Clone + Debug, Y: Clone + Debug> SampleMut for ToOne<X, Y> {
    fn inputs_mut(&mut self) -> &mut [X] {
        &mut self.inputs
    }
}

/// A sequence with a target for each step.
#[derive(Clone, Debug, PartialEq)]
pub struct ToEach<X, Y> {
    /// Input sequence.
    pub inputs: Vec<X>,
    /// One target for each step.
    pub targets: Vec<Y>,
}

impl<X: Clone + Debug, Y: Clone + Debug> Sample for ToEach<X, Y> {
    type Input = X;
    type Target = Y;
    fn inputs(&self) -> &[X] {
        &self.inputs
    }
    fn targets(&self) -> impl Targets<Y> {
        Each(&self.targets)
    }
}

impl<X: Clone + Debug, Y: Clone + Debug> SampleMut for ToEach<X, Y> {
    fn inputs_mut(&mut self) -> &mut [X] {
        &mut self.inputs
    }
}

/// A sequence with targets for some of its steps.
#[derive(Clone, Debug, PartialEq)]
pub struct ToSome<X, Y> {
    /// Input sequence.
    pub inputs: Vec<X>,
    /// One entry for each step: its target, or `None` if it has no target.
    pub targets: Vec<Option<Y>>,
}

impl<X: Clone + Debug, Y: Clone + Debug> Sample for ToSome<X, Y> {
    type Input = X;
    type Target = Y;
    fn inputs(&self) -> &[X] {
        &self.inputs
    }
    fn targets(&self) -> impl Targets<Y> {
        Masked(&self.targets)
    }
}

impl<X: Clone + Debug, Y: Clone + Debug> SampleMut for ToSome<X, Y> {
    fn inputs_mut(&mut self) -> &mut [X] {
        &mut self.inputs
    }
}

/// A sequence in which each item is the target of the previous one: tokens of a text, samples of a series.
///
/// A network reads n − 1 of n items, so there must be at least two.
#[derive(Clone, Debug, PartialEq)]
pub struct ToNext<X> {
    /// Items of the sequence.
    pub items: Vec<X>,
}

impl<X: Clone + Debug> Sample for ToNext<X> {
    type Input = X;
    type Target = X;
    fn inputs(&self) -> &[X] {
        self.items.split_last().map_or(&[], |(_, inputs)| inputs)
    }
    fn targets(&self) -> impl Targets<X> {
        Each(self.items.get(1..).unwrap_or(&[]))
    }
}

impl<X: Copy + Debug, const V: usize, const T: usize, const S: usize> Sample for TeacherForced<X, V, T, S> {
    type Input = Side<X, Token<V>>;
    type Target = Class<V>;
    fn inputs(&self) -> &[Side<X, Token<V>>] {
        Self::inputs(self)
    }
    fn targets(&self) -> impl Targets<Class<V>> {
        Self::targets(self)
    }
}
