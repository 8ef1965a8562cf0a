//! Check of single NumPy arrays.

use crate::set;
use elman_trainer::data::{Axes, Options, npy, npz};

/// Checks that a data set is the same after being written as an archive and read again, for both meanings of two
/// axes.
pub fn check(bytes: &[u8]) {
    for axes in [None, Some(Axes::SequencesSteps)] {
        for options in set::options() {
            set::check(bytes, &Options { axes, ..options }, npy::read, (npz::write, npz::read));
        }
    }
}
