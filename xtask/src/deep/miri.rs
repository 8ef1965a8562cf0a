//! Tests that touch bytes or casts, interpreted by Miri: an out-of-bounds access, a misaligned reference, a value
//! invalid for its type, or a pointer that violates the borrowing rules ends the test.
//!
//! Loops that are assembly on a microcontroller are safe Rust here.

use crate::command::{root, run_within};
use crate::setup;
use anyhow::Result;
use std::process::Command;
use std::time::Duration;

/// Test binary to run under Miri.
pub struct Tests {
    /// Subject of the tests, for the report.
    pub what: &'static str,
    package: &'static str,
    binary: &'static str,
    /// Arguments that select tests: Miri runs code about a thousand times more slowly, and some tests mostly
    /// compute.
    arguments: &'static [&'static str],
}

/// Tests to run.
pub const TESTS: [Tests; 8] = [
    Tests {
        what: "an image opened in place",
        package: "host-tests",
        binary: "image",
        arguments: &["format::", "probe::", "travels_along", "--skip", "every_cell_and_composition_makes_the_trip"],
    },
    Tests { what: "the inner loops", package: "host-tests", binary: "numbers", arguments: &["linalg::"] },
    Tests {
        what: "functions of slices",
        package: "host-tests",
        binary: "numbers",
        arguments: &["math_slices::slices_have_the_bits_of_their_numbers"],
    },
    Tests {
        what: "a tape in segments",
        package: "host-tests",
        binary: "training",
        arguments: &["a_target_in_each_segment_fits_one_slot", "the_memory_of_training_knows_its_tape"],
    },
    Tests {
        what: "bytes of a normaliser",
        package: "host-tests",
        binary: "input",
        arguments: &[
            "normalize::",
            "--skip",
            "a_late_change_still_moves_the_mean",
            "--skip",
            "running_statistics_agree_with_two_passes",
        ],
    },
    Tests {
        what: "bytes of a vocabulary",
        package: "host-tests",
        binary: "input",
        arguments: &["vocabulary::", "--skip", "the_largest_text_fits", "--skip", "the_sentences_are_as_described"],
    },
    Tests {
        what: "a data set in .rnnd",
        package: "elman-trainer",
        binary: "data",
        arguments: &["rnnd::", "--skip", "are_complete", "--skip", "what_is_written_is_the_same_bytes"],
    },
    Tests {
        what: "NumPy arrays",
        package: "elman-trainer",
        binary: "data",
        arguments: &["numpy::", "--skip", "damaged"],
    },
];

/// Time limit, three times the run time of the slowest test binary.
const LIMIT: Duration = Duration::from_secs(900);

/// Runs the tests under Miri.
pub fn miri(tests: &Tests) -> Result<()> {
    let nightly = setup::miri()?;
    let mut miri = Command::new("rustup");
    miri.args(["run", nightly, "cargo", "miri", "test", "--package", tests.package]);
    miri.args(["--test", tests.binary, "--"]).args(tests.arguments);
    // The tests read files.
    run_within(miri.env("MIRIFLAGS", "-Zmiri-disable-isolation").current_dir(root()), LIMIT)
}
