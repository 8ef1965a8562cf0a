//! Step on the feature `portable`: it removes the assembly and keeps the bits.

use super::programs;
use crate::boards::BOARDS;
use crate::command;
use crate::elf;
use crate::firmware::{self, built, cargo_for};
use anyhow::{Result, ensure};
use std::fs;
use std::path::Path;
use std::time::Duration;

/// Suffix of the targets with a floating-point unit, and so with loops in assembly. They include the Cortex-M55's
/// target, which could have vector floats but is built without them.
const FLOATS: &str = "hf";

/// Part of the symbol name of a loop in assembly.
const KERNEL: &str = "add_rows_of_16";

/// Program that is trained with the feature.
const PROGRAM: &str = "learn";

/// Time limit on the host; a run takes a second.
const LIMIT: Duration = Duration::from_secs(60);

/// Checks that the feature turns assembly off and that the trained weights keep their bits.
pub fn portable() -> Result<()> {
    for board in BOARDS.iter().filter(|board| board.target.ends_with(FLOATS)) {
        let name = board.name;
        let program = firmware::elf(board, PROGRAM);
        firmware::build(board, &[PROGRAM])?;
        ensure!(has_kernel(&program)?, "{name}: the default build lacks {KERNEL}");
        command::run(cargo_for(board, "build").args(["--release", "--bin", PROGRAM, "--features", "portable"]))?;
        fs::copy(built(board, PROGRAM), &program)?;
        ensure!(!has_kernel(&program)?, "{name}: the portable build still has {KERNEL}");
        programs::run(board, (PROGRAM, 0), LIMIT)?;
    }
    Ok(())
}

fn has_kernel(program: &Path) -> Result<bool> {
    Ok(elf::symbols(program)?.iter().any(|symbol| symbol.contains(KERNEL)))
}
