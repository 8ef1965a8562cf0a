use super::{answer, read};
use crate::cell::Cell;
use crate::dense::Readout;
use crate::error::SequenceError;
use crate::network::Network;
use crate::parameters::Parameters;

/// Forecasting: the outputs are the values of the next step, and are fed back.
impl<C, R, const I: usize> Network<C, R>
where
    C: Cell<[<C as Parameters>::Scalar; I]>,
    R: Readout<C::Output, Scalar = C::Scalar, Output = [C::Scalar; I]>,
{
    /// Writes the values expected after `history`, one step after the other, each read as if it had been measured. Errors
    /// feed back too; forecasts of one step over a measured series are [`predict_each`](Self::predict_each).
    ///
    /// # Errors
    /// [`SequenceError`] for an empty history or a value in it that is not finite: `future` is then as before. A forecast
    /// that is not finite ends it; those before are written. Steps count from the start of the history.
    pub fn forecast(&self, history: &[[C::Scalar; I]], future: &mut [[C::Scalar; I]]) -> Result<(), SequenceError> {
        let mut state = read(&self.cell, history)?;
        for (ahead, next) in future.iter_mut().enumerate() {
            *next = answer(self, &state, history.len() - 1 + ahead)?;
            self.cell.step(&mut state, next);
        }
        Ok(())
    }
}
