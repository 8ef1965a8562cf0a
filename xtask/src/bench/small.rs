//! The smallest firmware that learns, as a whole.

use crate::firmware::{self, elf};
use crate::{boards, qemu};
use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::time::Duration;

const BOARD: &str = "netduinoplus2";
const PROGRAM: &str = "wave";
const LIMIT: Duration = Duration::from_secs(60);

/// Bytes that a firmware takes.
pub struct Firmware {
    pub flash: u64,
    /// With the deepest stack.
    pub ram: u64,
}

/// The same in burn 0.21, recorded once. Its RAM is the heap's peak alone.
pub const BURN: Firmware = Firmware { flash: 428_148, ram: 239_596 };

/// Builds it for the smallest size, and runs it.
pub fn measure() -> Result<Firmware> {
    let board = boards::find(BOARD).context("the board is missing from the board table")?;
    firmware::build_with(board, &[PROGRAM], &[("CARGO_PROFILE_RELEASE_OPT_LEVEL", Path::new("s"))])?;
    let outcome = qemu::run(board, &elf(board, PROGRAM), LIMIT, |_| {})?;
    ensure!(outcome.exit_code == 0, "{PROGRAM} ended with code {}", outcome.exit_code);
    let line = outcome.lines.iter().find_map(|line| line.text.strip_prefix("flash "));
    let (flash, rest) = line.and_then(|line| line.split_once(" bytes; RAM ")).context("it does not say its bytes")?;
    let (ram, _) = rest.split_once(':').context("it does not say its RAM")?;
    Ok(Firmware { flash: flash.parse()?, ram: ram.parse()? })
}
