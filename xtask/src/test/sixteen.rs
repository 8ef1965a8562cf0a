//! Step on training in the 16 KB of a micro:bit.

use super::programs;
use crate::boards::Board;
use crate::firmware::{self, elf};
use crate::{elf, qemu, readme};
use anyhow::{Context, Result, ensure};
use std::time::Duration;

const PROGRAMS: [&str; 2] = ["reber", "letters"];

/// Limit on statics and stack, in bytes.
const BUDGET: u64 = 14 * 1024;

/// Time limit on the host; each program takes under a minute.
const LIMIT: Duration = Duration::from_secs(600);

/// Checks that both programs learn as required within the memory limit, and that the README quotes their
/// output.
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

/// Checks that the reported statics are those of the linked program and, together with the stack, are within the
/// budget.
fn fits(board: &Board, program: &str, log: &[qemu::Line]) -> Result<()> {
    let line =
        log.iter().find(|line| line.text.starts_with("statics ")).context("the program does not report its memory")?;
    let numbers: Vec<u64> = line.text.split(' ').filter_map(|word| word.parse().ok()).collect();
    let [statics, stack] = numbers[..] else { anyhow::bail!("no statics and stack in: {}", line.text) };
    let elf::Bytes { data, bss, .. } = elf::bytes(&elf(board, program))?;
    let linked = data + bss;
    ensure!(statics == linked, "{statics} bytes of statics reported, but {linked} linked");
    ensure!(statics + stack <= BUDGET, "{} bytes used, but only {BUDGET} allowed", statics + stack);
    Ok(())
}
