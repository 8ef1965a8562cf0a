//! `cargo xtask speed`: an iteration of min-char-rnn here and in numpy, in turn on the same machine.

use crate::command::{cargo, output, root, run, target_dir};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Runs of each.
const ROUNDS: usize = 5;
const ITERATIONS: &str = "2000";
/// Largest allowed fraction of numpy's time.
const MOST: f64 = 0.5;
/// Text that both read. The time does not depend on it.
const TEXT: &str = "data/letters/english.txt";

/// Prints the medians of both, for each number type; fails where ours is above [`MOST`] of numpy's.
pub fn speed() -> Result<ExitCode> {
    let directory = target_dir().join("speed");
    let python = numpy(&directory.join("venv"))?;
    let ours = build(&directory)?;
    let mut met = true;
    for number in ["float32", "float64"] {
        let [mut rust, mut numpy] = [const { Vec::new() }; 2];
        for _ in 0..ROUNDS {
            rust.push(time(&mut Command::new(&ours), number)?);
            numpy.push(time(Command::new(&python).arg("trainer/benches/min_char_rnn.py"), number)?);
        }
        let [rust, numpy] = [rust, numpy].map(median);
        let ratio = rust / numpy;
        met &= ratio <= MOST;
        println!("{number}: {rust:.0} us an iteration, numpy {numpy:.0} us: {ratio:.2} of it (aim {MOST})");
    }
    Ok(if met { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A Python with numpy, in an environment of its own.
fn numpy(environment: &Path) -> Result<PathBuf> {
    let python = environment.join("bin/python");
    if !python.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(environment))?;
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "numpy"]))?;
    }
    Ok(python)
}

/// The bench for this machine's processor: numpy chooses its loops by that too.
fn build(directory: &Path) -> Result<PathBuf> {
    let mut build = cargo(["build", "--release", "--package", "elman-trainer", "--bench", "min_char_rnn"]);
    build.env("RUSTFLAGS", "-C target-cpu=native").env("CARGO_TARGET_DIR", directory);
    let said = output(build.args(["--message-format", "json"]))?;
    // The library's program is built with it, and named too.
    let built = said.lines().find(|line| line.contains("\"kind\":[\"bench\"]"));
    let program = built.and_then(|line| line.split_once("\"executable\":\""));
    let (program, _) = program.and_then(|(_, rest)| rest.split_once('"')).context("cargo named no program")?;
    Ok(program.into())
}

/// Microseconds of an iteration, the median of a run on one thread.
fn time(program: &mut Command, number: &str) -> Result<f64> {
    let said = output(program.args([TEXT, number, ITERATIONS]).env("OPENBLAS_NUM_THREADS", "1").current_dir(root()))?;
    let time = said.split_whitespace().next().and_then(|time| time.parse::<f64>().ok());
    let time = time.with_context(|| format!("not a time: {said}"))?;
    ensure!(time > 0.0, "no time passed");
    Ok(time)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
