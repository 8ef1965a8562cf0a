use super::{answer, read};
use crate::dense::Readout;
use crate::error::SequenceError;
use crate::network::Network;
use crate::part::{Number, Step};

/// Forecasting: the outputs are the values of the next step, which the network then reads as its input.
impl<C, R> Network<C, R> {
    /// Writes the values expected after `history`, step by step; each is read as if it had been measured, so errors
    /// accumulate. For one-step forecasts over a measured series, see [`predict_each`](Self::predict_each).
    ///
    /// # Errors
    /// [`SequenceError`] if `history` is empty or has a value that is not finite; `future` is then unchanged. A
    /// forecast that is not finite ends the call with an error after the earlier forecasts were written. Errors count
    /// steps from the start of `history`.
    pub fn forecast<const I: usize>(
        &self,
        history: &[[Number<C>; I]],
        future: &mut [[Number<C>; I]],
    ) -> Result<(), SequenceError>
    where
        C: Step<[Number<C>; I]>,
        R: Readout<C::Output, Output = [Number<C>; I]>,
    {
        let mut state = read(&self.cell, history)?;
        for (ahead, next) in future.iter_mut().enumerate() {
            *next = answer(self, C::output(&state), history.len() - 1 + ahead)?;
            self.cell.step(&mut state, next);
        }
        Ok(())
    }
}
