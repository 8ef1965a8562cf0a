//! Ctrl-C handling: the first Ctrl-C stops a run, the second ends the program.

use std::process;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

/// Exit code of an interrupted program, by shell convention: 128 + 2, the signal number.
pub const EXIT_CODE: u8 = 130;

static ASKED: AtomicBool = AtomicBool::new(false);
static INSTALLED: Once = Once::new();

/// Returns a flag that Ctrl-C sets, for [`Fit::stop`](crate::fit::Fit::stop). The second Ctrl-C ends the program
/// at once.
///
/// If the program has its own handler, that handler stays in place and the flag stays false.
pub fn flag() -> &'static AtomicBool {
    INSTALLED.call_once(|| {
        let set = ctrlc::try_set_handler(|| {
            if ASKED.swap(true, Ordering::Relaxed) {
                process::exit(EXIT_CODE.into());
            }
        });
        if let Err(error) = set {
            eprintln!("Ctrl-C cannot be caught and will end the program without saving: {error}");
        }
    });
    &ASKED
}
