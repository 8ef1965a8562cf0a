//! `cargo xtask speed`: time of an iteration of min-char-rnn here and in NumPy, measured alternately on the
//! same machine.

use crate::command::{cargo, output, root, run, target_dir};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Number of runs of each program.
const ROUNDS: usize = 5;
const ITERATIONS: &str = "2000";
/// Largest allowed fraction of NumPy's time.
const MOST: f64 = 0.5;
/// Text that both programs read. The time does not depend on it.
const TEXT: &str = "data/letters/english.txt";

/// Prints both programs' median times for each number type; fails if ours is above [`MOST`] times NumPy's.
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
        println!("{number}: {rust:.0} us per iteration, NumPy {numpy:.0} us; ratio {ratio:.2} (aim {MOST})");
    }
    Ok(if met { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns the path of a Python interpreter with NumPy, in an environment of its own.
fn numpy(environment: &Path) -> Result<PathBuf> {
    let python = environment.join("bin/python");
    if !python.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(environment))?;
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "numpy"]))?;
    }
    Ok(python)
}

/// Builds the bench for this machine's processor, because NumPy also selects its loops for the processor.
fn build(directory: &Path) -> Result<PathBuf> {
    let mut build = cargo(["build", "--release", "--package", "elman-trainer", "--bench", "min_char_rnn"]);
    build.env("RUSTFLAGS", "-C target-cpu=native").env("CARGO_TARGET_DIR", directory);
    let said = output(build.args(["--message-format", "json"]))?;
    // Cargo also builds and names the library's own program.
    let built = said.lines().find(|line| line.contains("\"kind\":[\"bench\"]"));
    let program = built.and_then(|line| line.split_once("\"executable\":\""));
    let (program, _) = program.and_then(|(_, rest)| rest.split_once('"')).context("cargo named no executable")?;
    Ok(program.into())
}

/// Returns the median time of an iteration in microseconds, from a run on one thread.
fn time(program: &mut Command, number: &str) -> Result<f64> {
    let said = output(program.args([TEXT, number, ITERATIONS]).env("OPENBLAS_NUM_THREADS", "1").current_dir(root()))?;
    let time = said.split_whitespace().next().and_then(|time| time.parse::<f64>().ok());
    let time = time.with_context(|| format!("not a time: {said}"))?;
    ensure!(time > 0.0, "the measured time is 0");
    Ok(time)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
