//! Check of data sets in `.rnnd` format.

use crate::set;
use elman_trainer::data::rnnd;

/// Checks that a data set is the same after being written and read again, and that its file has the same bytes.
pub fn check(bytes: &[u8]) {
    for options in set::options() {
        set::check(bytes, &options, rnnd::read, (rnnd::write, rnnd::read));
        if let Ok(data) = rnnd::read(bytes, &options) {
            let again = rnnd::write(&data).expect("a data set that was read can be written");
            assert_eq!(bytes, again, "the file differs from the one written from it");
        }
    }
}
