//! Check of CSV tables in long form.

use crate::set;
use elman_trainer::data::{Options, csv};

/// Checks that a data set is the same after being written and read again, with a label per sequence or per step.
pub fn check(bytes: &[u8]) {
    for each_step in [false, true] {
        for options in set::options() {
            set::check(bytes, &Options { each_step, ..options }, csv::read, (csv::write, csv::read));
        }
    }
}
