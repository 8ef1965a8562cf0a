use super::check_input;
use crate::cell::{Cell, Recurrent};
use crate::dense::Readout;
use crate::error::SequenceError;
use crate::input::Class;
use crate::math::Zero;
use crate::network::Network;

/// Labelling: one answer for each step.
impl<C, R, const K: usize> Network<C, R>
where
    C: Recurrent,
    R: Readout<C::Output, Scalar = C::Scalar, Output = [C::Scalar; K]>,
{
    /// Writes the most probable class of each step into `labels`; returns how many were written.
    ///
    /// # Errors
    /// [`SequenceError`] for an empty sequence, one longer than `labels`, or an input that is not finite; `labels` is then
    /// as before. If an output is NaN, the steps before it have their labels.
    pub fn label<X>(&self, xs: &[X], labels: &mut [Class<K>]) -> Result<usize, SequenceError>
    where
        C: Cell<X>,
    {
        if xs.is_empty() {
            return Err(SequenceError::Empty);
        }
        if xs.len() > labels.len() {
            return Err(SequenceError::TooLong { length: xs.len(), capacity: labels.len() });
        }
        for (step, x) in xs.iter().enumerate() {
            check_input::<C, X>(step, x)?;
        }
        let mut state = C::State::ZERO;
        for (step, (x, label)) in xs.iter().zip(labels).enumerate() {
            let outputs = self.step(&mut state, x);
            *label = Class::largest(&outputs).ok_or(SequenceError::NonFiniteOutput { step })?;
        }
        Ok(xs.len())
    }
}
