//! The step on the feature `portable`: no assembly, the same bits.

use super::programs;
use crate::boards::BOARDS;
use crate::command;
use crate::elf;
use crate::firmware::{self, built, cargo_for};
use anyhow::{Result, ensure};
use std::fs;
use std::path::Path;
use std::time::Duration;

/// The end of a target's name whose cores have a floating-point unit, and so loops in assembly: on the boards, even the one
/// that could have vectors of floats instead, since it is built without.
const FLOATS: &str = "hf";

/// A part of the name of such a loop.
const KERNEL: &str = "add_rows_of_16";

/// Program that learns with the feature.
const PROGRAM: &str = "learn";

/// Time limit on the host; a run takes a second.
const LIMIT: Duration = Duration::from_secs(60);

/// The feature turns assembly off, and the weights learned keep their bits.
pub fn portable() -> Result<()> {
    for board in BOARDS.iter().filter(|board| board.target.ends_with(FLOATS)) {
        let name = board.name;
        let program = firmware::elf(board, PROGRAM);
        firmware::build(board, &[PROGRAM])?;
        ensure!(has_kernel(&program)?, "{name}: no program with {KERNEL}");
        command::run(cargo_for(board, "build").args(["--release", "--bin", PROGRAM, "--features", "portable"]))?;
        fs::copy(built(board, PROGRAM), &program)?;
        ensure!(!has_kernel(&program)?, "{name}: {KERNEL} is there all the same");
        programs::run(board, (PROGRAM, 0), LIMIT)?;
    }
    Ok(())
}

fn has_kernel(program: &Path) -> Result<bool> {
    Ok(elf::symbols(program)?.iter().any(|symbol| symbol.contains(KERNEL)))
}
