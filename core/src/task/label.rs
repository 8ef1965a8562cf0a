use crate::dense::Readout;
use crate::error::SequenceError;
use crate::input::Class;
use crate::network::Network;
use crate::part::Reads;

/// Labelling: one class for each step.
impl<C, R> Network<C, R> {
    /// Writes the most probable class at each step (the first of equals) to `labels` and returns the number of labels
    /// written. A label depends on the steps up to its own or, if a layer is bidirectional, on the whole sequence.
    ///
    /// # Errors
    /// [`SequenceError`] if the sequence is empty or longer than `labels`, or an input is not finite; `labels` is then
    /// unchanged. Outputs that are not finite end the call with an error after the labels of earlier steps were
    /// written.
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
