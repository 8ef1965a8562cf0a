use crate::cell::{Cell, Recurrent};
use crate::dense::Readout;
use crate::error::SequenceError;
use crate::input::Class;
use crate::network::Network;

/// Labelling: one answer for each step.
impl<C, R, const K: usize> Network<C, R>
where
    C: Recurrent,
    R: Readout<C::Output, Scalar = C::Scalar, Output = [C::Scalar; K]>,
{
    /// Writes the most probable class after each step into `labels`, the first of equal ones; returns how many were
    /// written. A label knows the steps up to its own, not those after it.
    ///
    /// # Errors
    /// [`SequenceError`] for an empty sequence, one longer than `labels`, or an input that is not finite: `labels` is then
    /// as before. Outputs that are not finite end it; the labels of the steps before are written.
    pub fn label<X>(&self, xs: &[X], labels: &mut [Class<K>]) -> Result<usize, SequenceError>
    where
        C: Cell<X>,
    {
        self.answer_each(xs, labels, Class::largest)
    }
}
