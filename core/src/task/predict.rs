use super::{answer, check_inputs};
use crate::dense::Readout;
use crate::error::SequenceError;
use crate::math::Zero;
use crate::network::Network;
use crate::part::Reads;
use crate::present::present;

/// Prediction: the outputs themselves, for a whole sequence or for each step.
impl<C, R> Network<C, R> {
    /// Returns the outputs after the last step. If a layer is bidirectional, these are the outputs for the final state
    /// of each direction, with which a [`Final`](crate::target::Final) target is compared.
    ///
    /// # Errors
    /// [`SequenceError`] if the sequence is empty, or an input or output is not finite.
    pub fn predict<X>(&self, xs: &[X]) -> Result<R::Output, SequenceError>
    where
        C: Reads<X>,
        R: Readout<C::Output>,
    {
        check_inputs::<C, X>(xs)?;
        let mut state = C::State::ZERO;
        self.cell.read(&mut state, xs, |_, _| Ok(()))?;
        answer(self, C::output(&state), xs.len() - 1)
    }

    /// Writes the outputs at each step to `predictions` and returns the number of steps. If the network was trained
    /// to output the values of the next step, these are one-step forecasts over a measured series.
    ///
    /// # Errors
    /// [`SequenceError`] if the sequence is empty or longer than `predictions`, or an input is not finite;
    /// `predictions` is then unchanged. Outputs that are not finite end the call with an error after the outputs of
    /// earlier steps were written.
    pub fn predict_each<X>(&self, xs: &[X], predictions: &mut [R::Output]) -> Result<usize, SequenceError>
    where
        C: Reads<X>,
        R: Readout<C::Output>,
    {
        self.answer_each(xs, predictions, |outputs| Some(*outputs))
    }

    /// Writes to `answers` what `decide` returns for the outputs at each step.
    pub(super) fn answer_each<X, Y>(
        &self,
        xs: &[X],
        answers: &mut [Y],
        decide: impl Fn(&R::Output) -> Option<Y>,
    ) -> Result<usize, SequenceError>
    where
        C: Reads<X>,
        R: Readout<C::Output>,
    {
        if xs.len() > answers.len() {
            return Err(SequenceError::TooLong { length: xs.len(), capacity: answers.len() });
        }
        check_inputs::<C, X>(xs)?;
        let mut slots = answers.iter_mut();
        self.cell.read(&mut C::State::ZERO.clone(), xs, |step, output| {
            let answer = decide(&answer(self, output, step)?).ok_or(SequenceError::NonFiniteOutput { step })?;
            if let Some(slot) = present(slots.next()) {
                *slot = answer;
            }
            Ok(())
        })?;
        Ok(xs.len())
    }
}
