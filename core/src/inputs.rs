//! Inputs of a sequence, accessed by index.

use crate::present::within;
use core::ops::Range;

/// Inputs of a sequence, read where they are stored: in a slice, an array or anything else that [`AsRef`] converts to a
/// slice; in the two halves of a circular buffer; or on the tape of the layer below.
pub trait Inputs<X> {
    /// Returns the number of steps.
    fn len(&self) -> usize;
    /// Returns `true` if there are no steps.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Returns the input of a step, or `None` past the end or if it is not stored.
    fn at(&self, step: usize) -> Option<&X>;
    /// Returns the inputs of the steps in `range`, as far as they are stored.
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

/// Window over a circular buffer: the older part, then the newer part.
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
