use crate::dense::Readout;
use crate::error::SequenceError;
use crate::input::Class;
use crate::network::Network;
use crate::part::Reads;

/// Labelling: one answer for each step.
impl<C, R> Network<C, R> {
    /// Writes the most probable class of each step into `labels`, the first of equal ones; returns how many were written. A
    /// label knows the steps up to its own; where the layers read in both directions, the whole sequence.
    ///
    /// # Errors
    /// [`SequenceError`] for an empty sequence, one longer than `labels`, or an input that is not finite: `labels` is then
    /// as before. Outputs that are not finite end it; the labels of the steps before are written.
    pub fn label<X, T: PartialOrd, const K: usize>(
        &self,
        xs: &[X],
        labels: &mut [Class<K>],
    ) -> Result<usize, SequenceError>
    where
        C: Reads<X>,
        R: Readout<C::Output, Output = [T; K]>,
    {
        self.answer_each(xs, labels, Class::largest)
    }
}
