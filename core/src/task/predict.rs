use super::{answer, check_inputs, read};
use crate::cell::{Cell, Recurrent};
use crate::dense::Readout;
use crate::error::SequenceError;
use crate::math::Zero;
use crate::network::Network;

/// Prediction: the outputs as they are, for a value read off a sequence or one for each step.
impl<C, R> Network<C, R>
where
    C: Recurrent,
    R: Readout<C::Output, Scalar = C::Scalar>,
{
    /// The outputs after the last step.
    ///
    /// # Errors
    /// [`SequenceError`] for an empty sequence, an input or outputs that are not finite.
    pub fn predict<X>(&self, xs: &[X]) -> Result<R::Output, SequenceError>
    where
        C: Cell<X>,
    {
        answer(self, &read(&self.cell, xs)?, xs.len() - 1)
    }

    /// Writes the outputs after each step; returns how many were written. Where the outputs are the values of the next
    /// step, these are its one-step-ahead forecasts over a measured series.
    ///
    /// # Errors
    /// [`SequenceError`] for an empty sequence, one longer than `predictions`, or an input that is not finite:
    /// `predictions` is then as before. Outputs that are not finite end it; those of the steps before are written.
    pub fn predict_each<X>(&self, xs: &[X], predictions: &mut [R::Output]) -> Result<usize, SequenceError>
    where
        C: Cell<X>,
    {
        self.answer_each(xs, predictions, |outputs| Some(*outputs))
    }

    /// Writes what `decide` makes of the outputs after each step.
    pub(super) fn answer_each<X, Y>(
        &self,
        xs: &[X],
        answers: &mut [Y],
        decide: impl Fn(&R::Output) -> Option<Y>,
    ) -> Result<usize, SequenceError>
    where
        C: Cell<X>,
    {
        if xs.len() > answers.len() {
            return Err(SequenceError::TooLong { length: xs.len(), capacity: answers.len() });
        }
        check_inputs::<C, X>(xs)?;
        let mut state = C::State::ZERO;
        for (step, (x, slot)) in xs.iter().zip(answers).enumerate() {
            self.cell.step(&mut state, x);
            *slot = decide(&answer(self, &state, step)?).ok_or(SequenceError::NonFiniteOutput { step })?;
        }
        Ok(xs.len())
    }
}
