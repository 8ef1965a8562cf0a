//! The record of a window of steps.

use crate::cell::{Before, Cell, Recurrent, Step};
use crate::error::SequenceError;
use crate::math::Zero;
use zerocopy::FromZeros;

/// What up to `T` steps of a cell left behind for the way back: one record a step and the state before the first.
///
/// Inputs are borrowed when they are needed, never stored.
///
/// ```
/// use elman::{Elman, Tape, Zero};
/// static TAPE: Tape<Elman<1, 4>, 1> = Tape::ZERO;
/// ```
///
/// A tape without room does not compile:
///
/// ```compile_fail,E0080
/// use elman::{Elman, Tape, Zero};
/// static TAPE: Tape<Elman<1, 4>, 0> = Tape::ZERO;
/// ```
#[derive(FromZeros)]
pub struct Tape<C: Recurrent, const T: usize> {
    start: C::State,
    records: [C::Record; T],
    /// As `u32`, so that a tape takes the same bytes on the host and on the device.
    length: u32,
}

impl<C: Recurrent, const T: usize> Zero for Tape<C, T> {
    const ZERO: Self = {
        assert!(T > 0, "a tape has room for at least one step");
        assert!(T < u32::MAX as usize, "steps are counted in 32 bits");
        Self { start: C::State::ZERO, records: [C::Record::ZERO; T], length: 0 }
    };
}

impl<C: Recurrent, const T: usize> Tape<C, T> {
    /// Steps recorded.
    pub const fn len(&self) -> usize {
        self.length as usize
    }

    /// Whether no step is recorded.
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Forgets all steps; the next starts from `state`.
    pub fn restart(&mut self, state: &C::State) {
        self.start = *state;
        self.length = 0;
    }

    /// Forgets the steps from `length` on.
    pub fn truncate(&mut self, length: usize) {
        self.length = self.length.min(u32::try_from(length).unwrap_or(u32::MAX));
    }

    /// One more step: reads `x` and moves `state` on.
    ///
    /// # Errors
    /// [`SequenceError::TooLong`] if the tape is full; `state` is as before.
    pub fn push<X>(&mut self, cell: &C, state: &mut C::State, x: &X) -> Result<(), SequenceError>
    where
        C: Cell<X>,
    {
        let full = SequenceError::TooLong { length: self.len() + 1, capacity: T };
        let record = self.records.get_mut(self.length as usize).ok_or(full)?;
        cell.step_recorded(state, x, record);
        self.length += 1;
        Ok(())
    }

    /// The record of step `t`, and where the state before it stands.
    pub fn at(&mut self, t: usize) -> Option<(&mut C::Record, Before<'_, C>)> {
        let (earlier, rest) = self.records.get_mut(..self.length as usize)?.split_at_mut_checked(t)?;
        Some((rest.first_mut()?, Before { record: earlier.last(), start: &self.start }))
    }

    /// The output of step `t`.
    pub fn output(&self, t: usize) -> Option<&C::Output> {
        self.recorded().get(t).map(C::recorded)
    }

    /// The recorded steps with their inputs, the last one first.
    pub fn steps<'a, X>(&'a self, xs: &'a [X]) -> impl Iterator<Item = Step<'a, C, X>> + Clone {
        let records = self.recorded();
        let before = records.iter().rev().skip(1).map(Some).chain(core::iter::once(None));
        let before = before.map(|record| Before { record, start: &self.start });
        let xs = xs.get(..records.len()).unwrap_or(&[]).iter().rev();
        records.iter().rev().zip(before).zip(xs).map(|((record, before), input)| Step { record, before, input })
    }

    fn recorded(&self) -> &[C::Record] {
        self.records.get(..self.len()).unwrap_or(&[])
    }
}
