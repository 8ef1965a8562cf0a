//! `cargo xtask demo`: a network is trained on the host, runs from the flash of a board, and is trained again on
//! that board.

use crate::boards;
use crate::command::{cargo, run, target_dir};
use crate::{firmware, qemu, readme, setup};
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

const BOARD: &str = "netduinoplus2";
const PROGRAM: &str = "vowels";

/// Time limit, ten times the run time on two slow cores.
const LIMIT: Duration = Duration::from_secs(300);

/// Runs the demonstration.
pub fn demo() -> Result<ExitCode> {
    run_all()?;
    Ok(ExitCode::SUCCESS)
}

/// Runs the demonstration as a test: it must succeed, and the README must quote its output.
pub fn test() -> Result<()> {
    readme::quotes("## Two commands", run_all()?)
}

/// Runs the demonstration. Returns every line that the board printed, and the verdict.
fn run_all() -> Result<Vec<String>> {
    println!("Who is speaking? JapaneseVowels: 9 speakers, 270 training utterances, 370 test utterances.");
    let board = boards::find(BOARD).context("the demo's board is missing from the board table")?;
    let directory = target_dir().join("demo");

    println!("\n=== 1/5 tools missing on this machine");
    setup::boards()?;
    println!("none");

    println!("\n=== 2/5 training on the host, Elman 12 -> 32 -> 9");
    let example = ["run", "--release", "--quiet", "--package", "elman-trainer", "--example", "vowels", "--"];
    run(cargo(example).arg(&directory))?;

    println!(
        "\n=== 3/5 building the firmware for {}, {} with {} KB of RAM",
        board.name,
        board.core,
        board.ram.size >> 10
    );
    let model = directory.join("model.elman");
    firmware::build_with(board, &[PROGRAM], &[("VOWELS_MODEL", &model)])?;

    println!("\n=== 4/5 running the firmware in QEMU");
    let outcome = qemu::run(board, &firmware::elf(board, PROGRAM), LIMIT, |line| println!("{}", line.text))?;
    ensure!(outcome.exit_code == 0, "the program ended with code {}", outcome.exit_code);

    println!("\n=== 5/5 comparing the board with the host");
    // Lines with a level are measurements; lines without one must be the same on the host.
    let (found, measured): (Vec<_>, Vec<_>) = outcome.lines.iter().partition(|line| line.level.is_empty());
    let found: Vec<_> = found.iter().flat_map(|line| line.text.lines()).collect();
    compare(&found, &directory.join("expected.txt"))?;
    let verdict =
        format!("All {} lines match the host: every prediction, and every loss and weight bit for bit.", found.len());
    println!("{verdict}");
    let measured = measured.iter().map(|line| line.text.clone());
    Ok(found.into_iter().map(String::from).chain(measured).chain([verdict]).collect())
}

fn compare(said: &[&str], expected: &Path) -> Result<()> {
    let text = fs::read_to_string(expected).with_context(|| expected.display().to_string())?;
    let expected: Vec<&str> = text.lines().collect();
    let different = said.iter().zip(&expected).find(|(said, expected)| *said != *expected);
    if let Some((said, expected)) = different {
        bail!("host and board differ:\n  board {said}\n  host  {expected}");
    }
    if said.len() != expected.len() {
        bail!("the board printed {} lines, the host {}", said.len(), expected.len());
    }
    Ok(())
}
