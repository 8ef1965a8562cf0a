//! Step from PyTorch to the boards: `elman import`, a firmware that contains its output, and a comparison
//! with PyTorch's outputs.

use crate::boards::{BOARDS, Board};
use crate::command::{cargo, root, run, target_dir};
use crate::firmware::{built, cargo_for};
use crate::qemu;
use anyhow::{Context, Result, ensure};
use safetensors::SafeTensors;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

const PROGRAM: &str = "import";

/// Names of networks in the program, and the files in `host-tests/golden` from which the networks and their input
/// sequences come.
const CASES: [(&str, &str); 3] =
    [("rnn", "rnn_tanh_i5h17t40_cls"), ("gru", "gru_i5h17t20_cls"), ("lstm", "lstm_i7h17t11_lab_wide")];

/// Largest allowed difference between a value from the board and PyTorch's in double precision.
const BOUND: f64 = 1e-6;

/// Time limit on the host; a run takes a second.
const LIMIT: Duration = Duration::from_secs(60);

/// Checks that every board computes PyTorch's outputs with the imported networks.
pub fn reproduces() -> Result<()> {
    let directory = target_dir().join("imported");
    fs::create_dir_all(&directory)?;
    CASES.iter().try_for_each(|&case| import(case, &directory))?;
    BOARDS.iter().try_for_each(|board| compare(board, &directory).with_context(|| board.name))
}

/// Imports a case with `elman import`, and writes its input sequence next to the image.
fn import((name, golden): (&str, &str), directory: &Path) -> Result<()> {
    let elman = ["run", "--quiet", "--package", "elman-cli", "--", "import"];
    let image = directory.join(name).with_extension("elman");
    run(cargo(elman).arg(path(golden)).arg("--output").arg(&image))?;
    let file = fs::read(path(golden))?;
    let sequence = SafeTensors::deserialize(&file)?.tensor("input.x")?.data().to_vec();
    fs::write(image.with_extension("x"), sequence)?;
    Ok(())
}

fn path(golden: &str) -> PathBuf {
    root().join("host-tests/golden").join(golden).with_extension("safetensors")
}

fn compare(board: &Board, directory: &Path) -> Result<()> {
    let mut build = cargo_for(board, "build");
    run(build.args(["--release", "--bin", PROGRAM, "--features", PROGRAM]).env("IMPORTED", directory))?;
    let outcome = qemu::run(board, &built(board, PROGRAM), LIMIT, |_| ())?;
    let said = outcome.lines.last().map(qemu::Line::to_string).unwrap_or_default();
    ensure!(outcome.exit_code == 0, "exit code {}: {said}", outcome.exit_code);
    for (name, golden) in CASES {
        let file = fs::read(path(golden))?;
        let tensors = SafeTensors::deserialize(&file)?;
        let units = worst(&outcome.lines, &format!("{name} units "), tensors.tensor("f64/output")?.data())?;
        let outputs = worst(&outcome.lines, &format!("{name} outputs "), tensors.tensor("f64/logits")?.data())?;
        println!(
            "{}: {name} differs from PyTorch by {units:.1e} in its units, {outputs:.1e} in its outputs",
            board.name
        );
        ensure!(units <= BOUND && outputs <= BOUND, "{name} is not within {BOUND:e} of PyTorch");
    }
    Ok(())
}

/// Returns the largest difference between `expected` and the last values that the program logs after `words`.
fn worst(lines: &[qemu::Line], words: &str, expected: &[u8]) -> Result<f64> {
    let expected = expected.as_chunks().0.iter().map(|&bytes| f64::from_le_bytes(bytes));
    let rows = lines.iter().filter_map(|line| line.text.strip_prefix(words));
    let numbers = rows.flat_map(|row| row.trim_matches(['[', ']']).split(", ")).map(str::parse::<f32>);
    let said = numbers.collect::<Result<Vec<_>, _>>().context("not a number")?;
    ensure!(expected.len() > 0 && said.len() >= expected.len(), "only {} values: {words}", said.len());
    let last = &said[said.len() - expected.len()..];
    // A maximum of differences would not show NaN.
    ensure!(last.iter().all(|x| x.is_finite()), "not finite: {words}");
    Ok(last.iter().zip(expected).map(|(&x, y)| (f64::from(x) - y).abs()).fold(0.0, f64::max))
}
