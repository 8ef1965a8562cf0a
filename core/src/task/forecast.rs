use super::read;
use crate::cell::Cell;
use crate::dense::Readout;
use crate::error::SequenceError;
use crate::network::Network;

/// Forecasting: the outputs are the values of the next step, and are fed back.
impl<C, R, const I: usize> Network<C, R>
where
    C: Cell<[<C as crate::Parameters>::Scalar; I]>,
    R: Readout<C::Output, Scalar = C::Scalar, Output = [C::Scalar; I]>,
{
    /// Writes the values expected after `history`, one step after the other, each read as if it had been measured.
    ///
    /// # Errors
    /// [`SequenceError`] for an empty history or a value in it that is not finite; `future` is then as before.
    pub fn forecast(&self, history: &[[C::Scalar; I]], future: &mut [[C::Scalar; I]]) -> Result<(), SequenceError> {
        let mut state = read(&self.cell, history)?;
        for next in future {
            *next = self.outputs(&state);
            self.cell.step(&mut state, next);
        }
        Ok(())
    }
}
