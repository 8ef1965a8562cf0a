//! Progress of a run, as logged without a terminal.

use elman_trainer::Progress;
use std::process::Command;

/// Environment variable that tells the test that it runs in the child process.
const RUN: &str = "ELMAN_TEST_PROGRESS";

/// In the child, simulates a run that stops early.
#[test]
fn the_last_line_does_not_promise_more() {
    const NAME: &str = "progress::the_last_line_does_not_promise_more";
    if std::env::var_os(RUN).is_some() {
        let progress = Progress::new(100);
        (0..3).for_each(|_| progress.learned(0.5, Some(1.0)));
        progress.finish();
        return;
    }
    let program = std::env::current_exe().unwrap();
    let output = Command::new(program).args(["--exact", NAME, "--nocapture"]).env(RUN, "1").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let [line] = said.lines().collect::<Vec<_>>()[..] else { panic!("{said}") };
    assert!(line.starts_with("3/100 updates  loss 0.5000, 100.0 % correct  ") && line.ends_with("/s"), "{line}");
}
