use crate::dense::Readout;
use crate::error::SequenceError;
use crate::input::Class;
use crate::network::Network;
use crate::part::Reads;

/// Labelling: one answer for each step.
impl<C, R> Network<C, R> {
    /// Writes the most probable class of each step into `labels`, the first one in a tie; returns the number of
    /// labels written. A label depends on the steps up to its own or, if the layers read in both directions, on the
    /// whole sequence.
    ///
    /// # Errors
    /// [`SequenceError`] for an empty sequence, one longer than `labels`, or an input that is not finite: `labels` is
    /// then unchanged. Outputs that are not finite end the call; the labels of earlier steps are written.
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
