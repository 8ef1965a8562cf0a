//! Tables in long form.

use crate::set;
use elman_trainer::data::{Options, csv};

/// A data set that is read is the same after it was written and read again, with a label for each sequence or each step.
pub fn check(bytes: &[u8]) {
    for each_step in [false, true] {
        for options in set::options() {
            set::check(bytes, &Options { each_step, ..options }, csv::read, (csv::write, csv::read));
        }
    }
}
