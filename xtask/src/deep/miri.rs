//! The tests that touch bytes or casts, interpreted by Miri: an access out of bounds, a misaligned reference, a value that its
//! type cannot have, or a pointer used against the rules of borrowing ends the test.
//!
//! What is assembly on a microcontroller is the loops in safe Rust here.

use crate::command::{root, run_within};
use crate::setup;
use anyhow::Result;
use std::process::Command;
use std::time::Duration;

/// Test binaries of a package.
pub struct Tests {
    /// What they touch.
    pub what: &'static str,
    package: &'static str,
    binaries: &'static [&'static str],
    /// The tests that take too long: interpreted, a test takes some thousand times as long.
    skip: &'static [&'static str],
}

/// All that is run.
pub const TESTS: [Tests; 1] = [Tests { what: "images", package: "host-tests", binaries: &["image"], skip: &[] }];

/// Three times what the slowest takes.
const LIMIT: Duration = Duration::from_secs(900);

/// Runs them.
pub fn miri(tests: &Tests) -> Result<()> {
    let nightly = setup::miri()?;
    let mut miri = Command::new("rustup");
    miri.args(["run", nightly, "cargo", "miri", "test", "--package", tests.package]);
    miri.args(tests.binaries.iter().flat_map(|name| ["--test", name])).arg("--");
    miri.args(tests.skip.iter().flat_map(|name| ["--skip", name]));
    // The tests read files.
    run_within(miri.env("MIRIFLAGS", "-Zmiri-disable-isolation").current_dir(root()), LIMIT)
}
