use crate::dense::Readout;
use crate::error::SequenceError;
use crate::input::Class;
use crate::loss::softmax;
use crate::network::Network;
use crate::part::{Number, Reads};

/// Classification: one class for a whole sequence.
impl<C, R> Network<C, R> {
    /// Returns the most probable class (the first of equals), without computing exponentials.
    ///
    /// # Errors
    /// [`SequenceError`] if the sequence is empty, or an input or output is not finite.
    pub fn classify<X, T: PartialOrd, const K: usize>(&self, xs: &[X]) -> Result<Class<K>, SequenceError>
    where
        C: Reads<X>,
        R: Readout<C::Output, Output = [T; K]>,
    {
        Class::largest(&self.predict(xs)?).ok_or(SequenceError::NonFiniteOutput { step: xs.len() - 1 })
    }

    /// Returns the probability of each class, the softmax of the outputs: each is in \[0, 1\], and their sum is 1 up to
    /// rounding. For a language model, these are the probabilities of the next token. Costs K exponentials and one
    /// division.
    ///
    /// # Errors
    /// Same as for [`classify`](Self::classify).
    pub fn probabilities<X, const K: usize>(&self, xs: &[X]) -> Result<[Number<C>; K], SequenceError>
    where
        C: Reads<X>,
        R: Readout<C::Output, Output = [Number<C>; K]>,
    {
        let mut outputs = self.predict(xs)?;
        softmax::<C::Math>(&mut outputs);
        Ok(outputs)
    }
}
