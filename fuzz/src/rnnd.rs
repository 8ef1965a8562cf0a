//! Data sets in `.rnnd`.

use crate::set;
use elman_trainer::data::rnnd;

/// A data set that is read is the same after it was written and read again, and its file is the same bytes.
pub fn check(bytes: &[u8]) {
    for options in set::options() {
        set::check(bytes, &options, rnnd::read, (rnnd::write, rnnd::read));
        if let Ok(data) = rnnd::read(bytes, &options) {
            let again = rnnd::write(&data).expect("what is read can be written");
            assert_eq!(bytes, again, "the file is not what is written from it");
        }
    }
}
