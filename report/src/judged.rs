//! Meaning of targets and inputs in a report: classes or values, symbols or measurements.

use elman::loss::Loss;
use elman::math::Scalar;
use elman::{Class, CrossEntropy, Math, Side, SquaredError, Token};

/// Target of an output, with the loss that compares the output with the target.
pub trait Judged<M: Math, O>: Sized {
    /// Type of the loss.
    type Loss: Loss<M, O, Target = Self>;
    /// Loss that compares an output with the target.
    const LOSS: Self::Loss;
    /// Returns the class; `None` for values.
    fn class(&self) -> Option<usize>;
    /// Returns the predicted class; `None` for values.
    fn named(outputs: &O) -> Option<usize>;
    /// Number of classes; 0 for values.
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

/// Input of a step.
pub trait Symbol {
    /// Returns the index of the symbol; `None` for measurements.
    fn symbol(&self) -> Option<usize>;
    /// Returns `true` for a symbol read by a decoder, which is part of the output.
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

/// Names of classes and symbols. A class or symbol without a name is shown by its index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Names of the predicted classes. If predictions are symbols that are read as inputs again, `symbols` is enough.
    pub classes: Vec<String>,
    /// Names of the symbols read; for an encoder–decoder, the names of the source's symbols.
    pub symbols: Vec<String>,
}

impl Names {
    /// Returns the names of outputs that are read as inputs again: next symbols, or symbols of a decoder.
    pub(super) fn written(&self) -> &[String] {
        if self.classes.is_empty() { &self.symbols } else { &self.classes }
    }

    /// Returns the name of an input, if it is a symbol.
    pub(super) fn read(&self, x: &impl Symbol) -> Option<String> {
        Some(name(if x.is_written() { self.written() } else { &self.symbols }, x.symbol()?))
    }
}

/// Returns the name at `index`, or the index if there is none.
pub(super) fn name(names: &[String], index: usize) -> String {
    names.get(index).cloned().unwrap_or_else(|| format!("{index} "))
}
