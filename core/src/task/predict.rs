use super::{answer, check_inputs};
use crate::dense::Readout;
use crate::error::SequenceError;
use crate::math::Zero;
use crate::network::Network;
use crate::part::Reads;
use crate::present::present;

/// Prediction: the outputs themselves, as a value for a sequence or one for each step.
impl<C, R> Network<C, R> {
    /// The outputs after the last step; where a sequence is read in both directions, for the state that each ends with, as
    /// a [`Final`](crate::target::Final) target sees them.
    ///
    /// # Errors
    /// [`SequenceError`] for an empty sequence, or an input or outputs that are not finite.
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

    /// Writes the outputs of each step; returns the number of steps written. If the outputs are the values of the
    /// next step, they are one-step-ahead forecasts over a measured series.
    ///
    /// # Errors
    /// [`SequenceError`] for an empty sequence, one longer than `predictions`, or an input that is not finite:
    /// `predictions` is then unchanged. Outputs that are not finite end the call; the outputs of earlier steps are
    /// written.
    pub fn predict_each<X>(&self, xs: &[X], predictions: &mut [R::Output]) -> Result<usize, SequenceError>
    where
        C: Reads<X>,
        R: Readout<C::Output>,
    {
        self.answer_each(xs, predictions, |outputs| Some(*outputs))
    }

    /// Writes the result of `decide` for the outputs of each step.
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
