use super::{answer, read};
use crate::dense::Readout;
use crate::error::SequenceError;
use crate::network::Network;
use crate::part::{Number, Step};

/// Forecasting: the outputs are the values of the next step, and are fed back.
impl<C, R> Network<C, R> {
    /// Writes the values expected after `history`, step by step, each read as if it had been measured. Errors are fed
    /// back too; for one-step forecasts over a measured series, see [`predict_each`](Self::predict_each).
    ///
    /// # Errors
    /// [`SequenceError`] for an empty history or a value in it that is not finite: `future` is then unchanged. A
    /// forecast that is not finite ends the call; earlier forecasts are written. Steps count from the start of the
    /// history.
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
