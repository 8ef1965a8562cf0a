//! Inputs of a sequence, read by their place.

use crate::present::within;
use core::ops::Range;

/// Inputs of a sequence, wherever they lie: a slice, an array or what [`AsRef`] makes a slice of; the two halves of a
/// circular buffer; the outputs of the layer below on its tape, which are stored once.
pub trait Inputs<X> {
    /// Number of steps.
    fn len(&self) -> usize;
    /// True if there is no step.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Input of a step. `None` past the end, or where it is not held.
    fn at(&self, step: usize) -> Option<&X>;
    /// Inputs of the steps in `range`, as far as they are held.
    fn range<'a>(&'a self, range: Range<usize>) -> impl DoubleEndedIterator<Item = &'a X> + Clone
    where
        X: 'a;
}

impl<X, D: AsRef<[X]> + ?Sized> Inputs<X> for D {
    fn len(&self) -> usize {
        self.as_ref().len()
    }
    fn at(&self, step: usize) -> Option<&X> {
        self.as_ref().get(step)
    }
    fn range<'a>(&'a self, range: Range<usize>) -> impl DoubleEndedIterator<Item = &'a X> + Clone
    where
        X: 'a,
    {
        within(self.as_ref(), range).iter()
    }
}

/// Window over a circular buffer: the older half, then the newer one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Halves<'x, X>(pub &'x [X], pub &'x [X]);

impl<X> Inputs<X> for Halves<'_, X> {
    fn len(&self) -> usize {
        self.0.len() + self.1.len()
    }
    fn at(&self, step: usize) -> Option<&X> {
        match step.checked_sub(self.0.len()) {
            None => self.0.get(step),
            Some(step) => self.1.get(step),
        }
    }
    fn range<'a>(&'a self, range: Range<usize>) -> impl DoubleEndedIterator<Item = &'a X> + Clone
    where
        X: 'a,
    {
        let split = self.0.len();
        let newer = range.start.saturating_sub(split)..range.end.saturating_sub(split);
        within(self.0, range).iter().chain(within(self.1, newer))
    }
}
