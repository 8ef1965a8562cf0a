//! Ctrl-C asks a run to stop, and a second one ends the program.

use std::process;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

/// The exit code of a program that was interrupted, as shells have it: 128 + 2, the number of the signal.
pub const EXIT_CODE: u8 = 130;

static ASKED: AtomicBool = AtomicBool::new(false);
static INSTALLED: Once = Once::new();

/// A flag that Ctrl-C sets, for [`Fit::stop`](crate::fit::Fit::stop). The second Ctrl-C ends the program at once.
///
/// Where the program has a handler of its own, that is left as it is and the flag stays false.
pub fn flag() -> &'static AtomicBool {
    INSTALLED.call_once(|| {
        let set = ctrlc::try_set_handler(|| {
            if ASKED.swap(true, Ordering::Relaxed) {
                process::exit(EXIT_CODE.into());
            }
        });
        if let Err(error) = set {
            eprintln!("Ctrl-C will not save: {error}");
        }
    });
    &ASKED
}
