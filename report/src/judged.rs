//! What targets and inputs are to a report: classes or values, symbols or measurements.

use elman::{Class, CrossEntropy, Loss, Math, Scalar, Side, SquaredError, Token};

/// What an output is compared with, and the loss that compares them.
pub trait Judged<M: Math, O>: Sized {
    /// The loss.
    type Loss: Loss<M, O, Target = Self>;
    /// The loss.
    const LOSS: Self::Loss;
    /// The class it is, of how many; `None` for values.
    fn class(&self) -> Option<usize>;
    /// The class that the outputs name.
    fn named(outputs: &O) -> Option<usize>;
    /// How many classes there are, 0 for values.
    const CLASSES: usize;
}

impl<M: Math, const K: usize> Judged<M, [M::Scalar; K]> for Class<K> {
    type Loss = CrossEntropy;
    const LOSS: CrossEntropy = CrossEntropy;
    const CLASSES: usize = K;
    fn class(&self) -> Option<usize> {
        Some(self.index())
    }
    fn named(outputs: &[M::Scalar; K]) -> Option<usize> {
        Self::largest(outputs).map(Self::index)
    }
}

impl<M: Math<Scalar = T>, T: Scalar, const K: usize> Judged<M, [T; K]> for [T; K] {
    type Loss = SquaredError;
    const LOSS: SquaredError = SquaredError;
    const CLASSES: usize = 0;
    fn class(&self) -> Option<usize> {
        None
    }
    fn named(_: &[T; K]) -> Option<usize> {
        None
    }
}

/// What is read at a step.
pub trait Symbol {
    /// Which symbol it is; `None` for measurements.
    fn symbol(&self) -> Option<usize>;
    /// Whether a decoder reads it: then it is a symbol of what is written.
    fn is_written(&self) -> bool {
        false
    }
}

impl<const V: usize> Symbol for Token<V> {
    fn symbol(&self) -> Option<usize> {
        Some(self.index())
    }
}

impl<T, const I: usize> Symbol for [T; I] {
    fn symbol(&self) -> Option<usize> {
        None
    }
}

impl<X: Symbol, Y: Symbol> Symbol for Side<X, Y> {
    fn symbol(&self) -> Option<usize> {
        match self {
            Self::Source(x) => x.symbol(),
            Self::Target(y) => y.symbol(),
        }
    }
    fn is_written(&self) -> bool {
        matches!(self, Self::Target(_))
    }
}

/// What to call classes and symbols. What has no name here is called by its number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The classes that outputs name. Where these are symbols that are read again, `symbols` will do.
    pub classes: Vec<String>,
    /// The symbols that are read; by an encoder–decoder, those of the source.
    pub symbols: Vec<String>,
}

impl Names {
    /// What outputs name where it is read again: the next symbol, a decoder's.
    pub(super) fn written(&self) -> &[String] {
        if self.classes.is_empty() { &self.symbols } else { &self.classes }
    }

    /// What is read, if it is a symbol.
    pub(super) fn read(&self, x: &impl Symbol) -> Option<String> {
        Some(name(if x.is_written() { self.written() } else { &self.symbols }, x.symbol()?))
    }
}

/// One of some names.
pub(super) fn name(names: &[String], index: usize) -> String {
    names.get(index).cloned().unwrap_or_else(|| format!("{index} "))
}
