//! Records of a window of steps.

use crate::cell::{Before, Cell, Recurrent, Taken};
use crate::error::SequenceError;
use crate::math::Zero;
use crate::present::{part, present, within};
use core::ops::Range;
use zerocopy::FromZeros;

/// Records of up to `T` steps of a cell for the backward pass, and the state before the first step.
///
/// With `P` above 1 the tape is checkpointed: it covers up to `P` segments of `T` steps, and stores the state before
/// each segment and the records of only one. The steps of an earlier segment are [repeated](Self::repeat) when they are
/// needed, with the same bits. This takes `T` records and `P` states instead of `P`·`T` records, at the cost of at most
/// one more forward pass.
///
/// Inputs are not stored; they are borrowed when needed.
///
/// ```
/// use elman::tape::Tape;
/// use elman::{Elman, Zero};
/// static TAPE: Tape<Elman<1, 4>, 1> = Tape::ZERO;
/// static CHECKPOINTED: Tape<Elman<1, 4>, 32, 32> = Tape::ZERO;
/// // 1024 steps either way.
/// assert_eq!((size_of_val(&CHECKPOINTED), size_of::<Tape<Elman<1, 4>, 1024>>()), (1540, 32788));
/// ```
///
/// A tape without room for a step does not compile:
///
/// ```compile_fail,E0080
/// use elman::tape::Tape;
/// use elman::{Elman, Zero};
/// static TAPE: Tape<Elman<1, 4>, 0> = Tape::ZERO;
/// ```
///
/// ```compile_fail,E0080
/// use elman::tape::Tape;
/// use elman::{Elman, Zero};
/// static TAPE: Tape<Elman<1, 4>, 3, 0> = Tape::ZERO;
/// ```
#[derive(FromZeros)]
pub struct Tape<C: Recurrent, const T: usize, const P: usize = 1> {
    /// State before each segment.
    starts: [C::State; P],
    /// Records of the segment processed last.
    records: [C::Record; T],
    /// Number of steps so far; 32 bits, so that a tape has the same size on host and device.
    length: u32,
}

impl<C: Recurrent, const T: usize, const P: usize> Zero for Tape<C, T, P> {
    const ZERO: Self = {
        assert!(T > 0 && P > 0, "a tape has room for at least one step");
        assert!(T < u32::MAX as usize / P, "steps are counted in 32 bits");
        Self { starts: [C::State::ZERO; P], records: [C::Record::ZERO; T], length: 0 }
    };
}

impl<C: Recurrent, const T: usize, const P: usize> Tape<C, T, P> {
    /// Length of the longest window, in steps.
    pub const CAPACITY: usize = T * P;

    /// Returns the number of steps processed.
    pub const fn len(&self) -> usize {
        self.length as usize
    }

    /// Returns `true` if the tape has no steps.
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Returns the steps whose records are stored: all of them if `P` = 1, otherwise those of the segment processed
    /// last.
    pub const fn held(&self) -> Range<usize> {
        first::<T, P>(self.len().saturating_sub(1))..self.len()
    }

    /// Discards all steps; the next step starts from `state`.
    pub fn restart(&mut self, state: &C::State) {
        if let Some(start) = present(self.starts.first_mut()) {
            *start = *state;
        }
        self.length = 0;
    }

    /// Discards the steps from `length` on. Does nothing if the record of step `length` − 1 is not stored.
    pub fn truncate(&mut self, length: usize) {
        let start = self.held().start;
        if length < self.len() && (start == 0 || start < length) {
            // Steps are counted in 32 bits.
            self.length = length as u32;
        }
    }

    /// Runs and records one more step: reads `x` and advances `state`.
    ///
    /// # Errors
    /// [`SequenceError::TooLong`] after `P`·`T` steps; `state` is then unchanged.
    pub fn push<X>(&mut self, cell: &C, state: &mut C::State, x: &X) -> Result<(), SequenceError>
    where
        C: Cell<X>,
    {
        let full = SequenceError::TooLong { length: self.len() + 1, capacity: Self::CAPACITY };
        let (segment, step) = place::<T, P>(self.len());
        let start = self.starts.get_mut(segment).ok_or(full)?;
        let record = self.records.get_mut(step).ok_or(full)?;
        if segment > 0 && step == 0 {
            *start = *state;
        }
        cell.step_recorded(state, x, record);
        self.length += 1;
        Ok(())
    }

    /// Repeats step `t` of an earlier segment, with its input `x`. The first step of the segment starts from the stored
    /// state and discards the stored records; the other steps must follow in order. Any other step is ignored.
    pub fn repeat<X>(&mut self, cell: &C, (t, x): (usize, &X))
    where
        C: Cell<X>,
    {
        let (segment, step) = place::<T, P>(t);
        // The state is advanced in the start of the next segment, which is not needed meanwhile and ends with the same
        // value.
        let Some([start, state, ..]) = self.starts.get_mut(segment..) else { return };
        let Some(record) = self.records.get_mut(step) else { return };
        if step == 0 {
            *state = *start;
        } else if t != self.length as usize {
            return;
        }
        cell.step_recorded(state, x, record);
        // Steps are counted in 32 bits.
        self.length = t as u32 + 1;
    }

    /// Returns the record of step `t` and the state before the step, or `None` if the record is not stored.
    pub fn at(&mut self, t: usize) -> Option<(&mut C::Record, Before<'_, C>)> {
        let held = self.held();
        let start = present(self.starts.get(place::<T, P>(held.start).0))?;
        let step = t.checked_sub(held.start)?;
        let (earlier, rest) = self.records.get_mut(..held.len())?.split_at_mut_checked(step)?;
        Some((rest.first_mut()?, Before { record: earlier.last(), start }))
    }

    /// Returns the output of step `t`, or `None` if its record is not stored.
    pub fn output(&self, t: usize) -> Option<&C::Output> {
        self.record(t).map(C::recorded)
    }

    /// Returns the outputs of those steps in `range` whose records are stored.
    pub fn outputs(&self, range: Range<usize>) -> impl DoubleEndedIterator<Item = &C::Output> + Clone {
        let start = self.held().start;
        let held = range.start.saturating_sub(start)..range.end.saturating_sub(start);
        within(self.recorded(), held).iter().map(C::recorded)
    }

    /// Returns the record of step `t`, or `None` if it is not stored.
    pub fn record(&self, t: usize) -> Option<&C::Record> {
        self.recorded().get(t.checked_sub(self.held().start)?)
    }

    /// Returns the recorded steps with their inputs, last step first; `inputs` must also start with the last.
    pub fn steps<'a, X: 'a>(
        &'a self,
        inputs: impl Iterator<Item = &'a X> + Clone,
    ) -> impl Iterator<Item = Taken<'a, C, X>> + Clone {
        let records = self.recorded();
        let start = present(self.starts.get(place::<T, P>(self.held().start).0));
        let before = records.iter().rev().skip(1).map(Some).chain(core::iter::once(None));
        let before = before.filter_map(move |record| Some(Before { record, start: start? }));
        records.iter().rev().zip(before).zip(inputs).map(|((record, before), input)| Taken { record, before, input })
    }

    fn recorded(&self) -> &[C::Record] {
        part(&self.records, ..self.held().len())
    }
}

/// Returns the first step of the segment that contains step `t`, for `P` segments of `T` steps.
pub(crate) const fn first<const T: usize, const P: usize>(t: usize) -> usize {
    t - place::<T, P>(t).1
}

/// Returns the segment that contains step `t`, and the index of the step in it.
const fn place<const T: usize, const P: usize>(t: usize) -> (usize, usize) {
    if P == 1 { (0, t) } else { (t / T, t % T) }
}
