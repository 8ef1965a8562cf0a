//! The step on learning in a micro:bit's 16 KB.

use super::programs;
use crate::boards::Board;
use crate::firmware::{self, elf};
use crate::{elf, qemu, readme};
use anyhow::{Context, Result, ensure};
use std::time::Duration;

const PROGRAMS: [&str; 2] = ["reber", "letters"];

/// Bytes that statics and stack may use.
const BUDGET: u64 = 14 * 1024;

/// Time limit on the host; each takes under a minute.
const LIMIT: Duration = Duration::from_secs(600);

/// Both programs learn what they must, in the memory that they may use, and the README quotes them.
pub fn learns() -> Result<()> {
    let board = programs::microbit()?;
    firmware::build(board, &PROGRAMS)?;
    let mut said = Vec::new();
    for program in PROGRAMS {
        let log = programs::run(board, (program, 0), LIMIT).with_context(|| program.to_string())?;
        fits(board, program, &log).with_context(|| program.to_string())?;
        said.extend(log.into_iter().map(|line| line.text));
    }
    readme::quotes("### In 16 KB", said)
}

/// The statics are those of the linked program, and with the stack they are within the budget.
fn fits(board: &Board, program: &str, log: &[qemu::Line]) -> Result<()> {
    let line = log.iter().find(|line| line.text.starts_with("statics ")).context("it does not say what it uses")?;
    let numbers: Vec<u64> = line.text.split(' ').filter_map(|word| word.parse().ok()).collect();
    let [statics, stack] = numbers[..] else { anyhow::bail!("statics and stack are not in: {}", line.text) };
    let elf::Bytes { data, bss, .. } = elf::bytes(&elf(board, program))?;
    let linked = data + bss;
    ensure!(statics == linked, "{statics} bytes of statics, but {linked} are linked");
    ensure!(statics + stack <= BUDGET, "{} bytes are used, and {BUDGET} may be", statics + stack);
    Ok(())
}
