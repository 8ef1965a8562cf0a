//! `cargo xtask deep`: proofs that are too slow to run for every change: networks trained with five seeds
//! each, pages in a browser, random bytes for every reader, and the tests that touch bytes under Miri.

mod fuzz;
mod miri;
mod pictures;

use crate::command::{cargo, root, run, run_within, target_dir};
use crate::report::Report;
use anyhow::{Context, Result};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

/// Examples with their arguments. Each prints its figures, and fails if it misses a promise.
const EXAMPLES: [(&str, &str); 11] = [
    ("parity", "a label after each bit: is the number of ones so far odd?"),
    ("reber", "a symbol of the embedded Reber grammar, to be repeated up to 44 steps later"),
    ("adding", "the sum of two of 50 numbers"),
    ("word_order", "which word order forms a sentence?"),
    ("forecast", "a chaotic series, 1 and 14 samples ahead"),
    ("tagger seeds", "a label that depends on the words that follow: is it a name?"),
    ("integers", "what do 8-bit weights cost in accuracy?"),
    ("motions", "standing, running, walking or badminton, from the sensors of a smartwatch"),
    ("personalise", "which exercise is the wearer doing, before and after the watch has adapted?"),
    ("reverse seeds", "strings reversed, expanded and contracted, free-running"),
    ("prime", "a vector put into words"),
];

/// Examples that read a file that is not in the repository, with the option that gives its path.
const READERS: [(&str, &str, &str); 3] = [
    ("min_char_rnn", "--text", "NumPy's losses from the same initial weights, and the smoothed loss at window 10,000"),
    ("char_rnn --prove", "--text", "two layers of 128 GRU units compared with n-grams on held-out text"),
    ("hapt", "--data", "what the wearer of a phone does, by 564 bytes and by 280: subjects 22 to 30 of HAPT"),
];

/// Proofs to run, and the files that some of them read.
#[derive(Default)]
pub struct Chosen<'a> {
    /// Word that the names of the proofs contain.
    word: &'a str,
    /// File with tiny-shakespeare, the text of Karpathy's char-rnn.
    text: Option<&'a Path>,
    /// File with the windows of HAPT.
    data: Option<&'a Path>,
}

impl<'a> Chosen<'a> {
    /// Parses `[WORD] [--text PATH] [--data PATH]`; returns `None` for any other arguments.
    pub fn new(arguments: &[&'a str]) -> Option<Self> {
        match *arguments {
            [] => Some(Self::default()),
            [ref others @ .., "--text", path] => Some(Self { text: Some(path.as_ref()), ..Self::new(others)? }),
            [ref others @ .., "--data", path] => Some(Self { data: Some(path.as_ref()), ..Self::new(others)? }),
            [word] if !word.starts_with('-') => Some(Self { word, ..Self::default() }),
            _ => None,
        }
    }

    /// Returns the file for an option, or a sentence that says what is needed.
    fn file(&self, option: &str) -> Result<&'a Path, &'static str> {
        match option {
            "--text" => self.text.ok_or("needs tiny-shakespeare: cargo xtask deep --text PATH"),
            _ => self
                .data
                .ok_or("needs the windows of HAPT, which docs/hapt.md makes: cargo xtask deep hapt --data PATH"),
        }
    }
}

/// Examples in the report crate, which write a page; the other examples are in the trainer crate.
const PAGES: [&str; 3] = ["report", "reverse", "tagger"];

/// Time limit, four times the run time of the slowest example on one core.
const LIMIT: Duration = Duration::from_secs(7200);

/// Runs the chosen proofs; a proof that reads a file runs only if the file is given.
pub fn deep(chosen: &Chosen<'_>) -> Result<ExitCode> {
    let mut report = Report::new(chosen.word);
    for (command, question) in EXAMPLES {
        report.step(format!("{command}: {question}"), || example(command, None));
    }
    for (command, option, question) in READERS {
        let step = format!("{command}: {question}");
        match chosen.file(option) {
            Ok(path) => report.step(step, || example(command, Some(path))),
            Err(reason) => report.leave_out(step, reason),
        }
    }
    report.step("report: pages open in a browser with every picture", pictures::pages);
    for target in &fuzz::TARGETS {
        report.step(format!("fuzz: {}", target.name), || fuzz::fuzz(target));
    }
    for tests in &miri::TESTS {
        report.step(format!("miri: {}", tests.what), || miri::miri(tests));
    }
    report.step("attack: outputs when programs are killed or disks fill up", attack);
    Ok(if report.finish() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs the test that kills each writing command 200 times, and lets the disk fill up at every 512th byte.
fn attack() -> Result<()> {
    let test = ["test", "--package", "elman-cli", "--test", "attack", "--", "--nocapture"];
    run(cargo(test).env("ATTACK_KILLS", "200"))
}

fn example(command: &str, file: Option<&Path>) -> Result<()> {
    // The examples run at the root of the repository.
    let whole = |file: &Path| file.canonicalize().with_context(|| file.display().to_string());
    run_within(built(command)?.args(file.map(whole).transpose()?), LIMIT)
}

/// Builds an example and returns its command with arguments. Cargo does not run it, so that nothing outlives
/// the time limit.
fn built(command: &str) -> Result<Command> {
    let (name, arguments) = command.split_once(' ').unwrap_or((command, ""));
    let package = if PAGES.contains(&name) { "elman-report" } else { "elman-trainer" };
    run(&mut cargo(["build", "--release", "--package", package, "--example", name]))?;
    let mut example = Command::new(target_dir().join("release/examples").join(name));
    example.args(arguments.split_whitespace()).current_dir(root());
    Ok(example)
}
