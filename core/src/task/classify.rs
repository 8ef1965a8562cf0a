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
    /// The most probable class, the first of equal ones. No exponentials.
    ///
    /// # Errors
    /// [`SequenceError`] for an empty sequence, an input or outputs that are not finite.
    pub fn classify<X>(&self, xs: &[X]) -> Result<Class<K>, SequenceError>
    where
        C: Cell<X>,
    {
        Class::largest(&self.predict(xs)?).ok_or(SequenceError::NonFiniteOutput { step: xs.len() - 1 })
    }

    /// The probability of each class, softmax of the outputs: each in \[0, 1\], their sum 1 up to rounding. For a language
    /// model, the probability of each next token. K exponentials and one division.
    ///
    /// # Errors
    /// As [`classify`](Self::classify).
    pub fn probabilities<X>(&self, xs: &[X]) -> Result<[C::Scalar; K], SequenceError>
    where
        C: Cell<X>,
    {
        let mut outputs = self.predict(xs)?;
        softmax::<C::Math>(&mut outputs);
        Ok(outputs)
    }
}
