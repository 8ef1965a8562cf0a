use super::read;
use crate::cell::{Cell, Recurrent};
use crate::dense::Readout;
use crate::error::SequenceError;
use crate::input::Class;
use crate::loss::softmax;
use crate::network::Network;

/// Classification: one answer for a whole sequence, after its last step.
impl<C, R, const K: usize> Network<C, R>
where
    C: Recurrent,
    R: Readout<C::Output, Scalar = C::Scalar, Output = [C::Scalar; K]>,
{
    /// The most probable class.
    ///
    /// # Errors
    /// [`SequenceError`] for an empty sequence, an input that is not finite, or outputs that are NaN.
    pub fn classify<X>(&self, xs: &[X]) -> Result<Class<K>, SequenceError>
    where
        C: Cell<X>,
    {
        let outputs = self.outputs(&read(&self.cell, xs)?);
        Class::largest(&outputs).ok_or(SequenceError::NonFiniteOutput { step: xs.len() - 1 })
    }

    /// The probability of each class; they sum to 1.
    ///
    /// # Errors
    /// As [`classify`](Self::classify).
    pub fn probabilities<X>(&self, xs: &[X]) -> Result<[C::Scalar; K], SequenceError>
    where
        C: Cell<X>,
    {
        let mut outputs = self.outputs(&read(&self.cell, xs)?);
        softmax::<C::Math>(&mut outputs);
        Ok(outputs)
    }
}
