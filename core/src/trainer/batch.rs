use super::Reduction;
use crate::error::TrainError;
use crate::math::{Scalar, Zero};
use zerocopy::FromZeros;

/// Sequences accumulated since the last update.
#[derive(Clone, Copy, Debug, FromZeros)]
pub struct Batch<T> {
    /// Number of sequences, with or without a target that counts.
    sequences: u32,
    /// Unit of weight, by which every loss was divided.
    unit: T,
    /// Divisor of a mean over sequences: the number of sequences with a target that counts or, if the mean over steps
    /// is taken too, the total weight of the sequences' targets, in units.
    parts: T,
}

impl<T: Scalar> Zero for Batch<T> {
    const ZERO: Self = Self { sequences: 0, unit: T::ZERO, parts: T::ZERO };
}

/// Weight of one sequence in a batch, as a unit and a number of units.
#[derive(Clone, Copy, Debug, PartialEq, FromZeros)]
pub struct Share<T> {
    unit: T,
    part: T,
}

impl<T: Scalar> Zero for Share<T> {
    const ZERO: Self = Self { unit: T::ZERO, part: T::ZERO };
}

impl<T: Scalar> Share<T> {
    /// Returns the factor by which each loss of the sequence is multiplied.
    pub fn scale(&self) -> T {
        T::ONE / self.unit
    }

    /// Returns `true` if the sequence has a target that counts.
    pub fn counts(&self) -> bool {
        self.part > T::ZERO
    }

    /// Returns the loss of this sequence alone, given the sum of its losses, each multiplied by
    /// [`scale`](Self::scale).
    pub fn loss(&self, scaled: T) -> T {
        if self.counts() { scaled / self.part } else { scaled }
    }
}

impl<T: Scalar> Batch<T> {
    /// Returns the share of a sequence whose targets have a total weight of `weight`.
    ///
    /// A mean over steps and sequences is ΣΣ w·l / ΣΣ w. The unit is the weight of the first sequence, so that
    /// sequences of equal weight are added as means and no sum grows with the number of steps.
    ///
    /// # Errors
    /// [`TrainError::NonFiniteLoss`] for weights so small, so large or so far apart that a quotient overflows.
    pub fn share(&self, [steps, sequences]: [Reduction; 2], weight: T) -> Result<Share<T>, TrainError> {
        let share = match (steps, sequences) {
            _ if weight <= T::ZERO => return Ok(Share { unit: T::ONE, part: T::ZERO }),
            (Reduction::Sum, _) => Share { unit: T::ONE, part: T::ONE },
            (Reduction::Mean, Reduction::Sum) => Share { unit: weight, part: T::ONE },
            (Reduction::Mean, Reduction::Mean) => {
                let unit = if self.counts() { self.unit } else { weight };
                Share { unit, part: weight / unit }
            }
        };
        let usable = |x: T| x.is_finite() && x > T::ZERO;
        let all = usable(share.scale()) && usable(share.part) && usable(self.parts + share.part);
        if all { Ok(share) } else { Err(TrainError::NonFiniteLoss) }
    }

    /// Adds a sequence with this share.
    pub fn add(&mut self, share: &Share<T>) {
        self.sequences = self.sequences.saturating_add(1);
        if share.counts() {
            self.unit = share.unit;
            self.parts += share.part;
        }
    }

    /// Returns `true` if any of the sequences had a target that counts.
    pub fn counts(&self) -> bool {
        self.parts > T::ZERO
    }

    /// Checks that the batch has a gradient for an update.
    ///
    /// # Errors
    /// [`TrainError::NothingAccumulated`], or [`TrainError::NoTarget`] if there are sequences but no target counts.
    pub fn check(&self) -> Result<(), TrainError> {
        match self.sequences {
            0 => Err(TrainError::NothingAccumulated),
            _ if !self.counts() => Err(TrainError::NoTarget),
            _ => Ok(()),
        }
    }

    /// Returns the factor that turns the accumulated gradient into the gradient of an update.
    pub fn mean(&self, sequences: Reduction) -> T {
        match sequences {
            Reduction::Sum => T::ONE,
            Reduction::Mean => T::ONE / self.parts,
        }
    }
}
