//! Ctrl-C: a run ends after the current update and, continued from its checkpoint, gives the same bits as an
//! uninterrupted run.

use super::problem::{T, bits, file, samples, start, timeless};
use elman::Adam;
use elman_trainer::fit::{Fit, Outcome, fit};
use elman_trainer::interrupt;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Time limit for a child process, generous enough for a busy machine.
const LIMIT: Duration = Duration::from_secs(60);
/// Environment variables that tell a test that it runs in a child process.
const RUN: &str = "ELMAN_TEST_RUN";
const DEAF: &str = "ELMAN_TEST_DEAF";

fn how(epochs: usize, checkpoint: Option<&Path>) -> Fit<'_, Adam, T> {
    Fit { epochs, batch: 2, checkpoint, ..Fit::new(Adam::new(0.01)) }
}

/// Starts this program as a child that runs the test called `name`.
fn child(name: &str, variable: &str, value: &Path) -> Child {
    let program = std::env::current_exe().unwrap();
    let arguments = ["--exact", name, "--nocapture"];
    Command::new(program).args(arguments).env(variable, value).stdout(Stdio::piped()).spawn().unwrap()
}

fn interrupt(child: &Child) {
    let sent = Command::new("sh").args(["-c", "kill -INT $0", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// Waits until `done` returns a value; kills the child and fails if that takes too long.
fn wait<R>(child: &mut Child, mut done: impl FnMut(&mut Child) -> Option<R>) -> R {
    let began = Instant::now();
    loop {
        if let Some(result) = done(child) {
            return result;
        }
        if began.elapsed() > LIMIT {
            let _ = child.kill();
            panic!("the child takes too long");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn ended(child: &mut Child) -> ExitStatus {
    wait(child, |child| child.try_wait().unwrap())
}

/// In the child, starts a run that never ends.
#[test]
fn a_run_without_an_end() {
    let Some(path) = std::env::var_os(RUN) else { return };
    let how = Fit { stop: Some(interrupt::flag()), ..how(usize::MAX, Some(Path::new(&path))) };
    let fitted = fit(&mut start(), &samples(7, 1), &samples(5, 2), &how).unwrap();
    assert_eq!(fitted.outcome, Outcome::Interrupted);
    std::process::exit(interrupt::EXIT_CODE.into());
}

#[test]
fn ctrl_c_saves_and_ends() {
    let path = file("interrupted.checkpoint");
    let mut run = child("interrupt::a_run_without_an_end", RUN, &path);
    wait(&mut run, |_| path.exists().then_some(()));
    interrupt(&run);
    assert_eq!(ended(&mut run).code(), Some(130));

    let (train, valid) = (samples(7, 1), samples(5, 2));
    let stopped = AtomicBool::new(true);
    let still = Fit { stop: Some(&stopped), ..how(usize::MAX, Some(&path)) };
    let saved = fit(&mut start(), &train, &valid, &still).unwrap();
    assert_eq!(saved.outcome, Outcome::Interrupted);
    let epochs = saved.history.epochs.len() + 1;
    assert!(epochs > 1);
    let (mut continued, mut whole) = (start(), start());
    let ends = fit(&mut continued, &train, &valid, &how(epochs, Some(&path))).unwrap();
    let at_once = fit(&mut whole, &train, &valid, &how(epochs, None)).unwrap();
    assert_eq!(timeless(&ends.history), timeless(&at_once.history));
    assert_eq!(bits(&continued), bits(&whole));
}

/// In the child, ignores the request to stop.
#[test]
fn a_program_that_does_not_stop() {
    if std::env::var_os(DEAF).is_none() {
        return;
    }
    let flag = interrupt::flag();
    println!("\nready");
    while !flag.load(Ordering::Relaxed) {
        std::thread::sleep(Duration::from_millis(1));
    }
    println!("\nasked");
    std::thread::sleep(LIMIT);
}

#[test]
fn a_second_ctrl_c_ends_the_program_at_once() {
    let mut run = child("interrupt::a_program_that_does_not_stop", DEAF, Path::new("yes"));
    let mut lines = BufReader::new(run.stdout.take().unwrap()).lines().map(Result::unwrap);
    for word in ["ready", "asked"] {
        assert!(lines.any(|line| line == word), "{word}");
        interrupt(&run);
    }
    assert_eq!(ended(&mut run).code(), Some(130));
}
