//! Size of the smallest complete firmware that trains.

use crate::firmware::{self, elf};
use crate::{boards, qemu};
use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::time::Duration;

const BOARD: &str = "netduinoplus2";
const PROGRAM: &str = "wave";
const LIMIT: Duration = Duration::from_secs(60);

/// Size of a firmware, in bytes.
pub struct Firmware {
    pub flash: u64,
    /// RAM including the deepest stack.
    pub ram: u64,
}

/// Size of the same firmware with burn 0.21, recorded once. Its RAM is only the peak of the heap.
pub const BURN: Firmware = Firmware { flash: 428_148, ram: 239_596 };

/// Builds the firmware for the smallest size, and runs it.
pub fn measure() -> Result<Firmware> {
    let board = boards::find(BOARD).context("the board is missing from the board table")?;
    firmware::build_with(board, &[PROGRAM], &[("CARGO_PROFILE_RELEASE_OPT_LEVEL", Path::new("s"))])?;
    let outcome = qemu::run(board, &elf(board, PROGRAM), LIMIT, |_| {})?;
    ensure!(outcome.exit_code == 0, "{PROGRAM} ended with code {}", outcome.exit_code);
    let line = outcome.lines.iter().find_map(|line| line.text.strip_prefix("flash "));
    let (flash, rest) =
        line.and_then(|line| line.split_once(" bytes; RAM ")).context("the program does not report its flash size")?;
    let (ram, _) = rest.split_once(':').context("the program does not report its RAM")?;
    Ok(Firmware { flash: flash.parse()?, ram: ram.parse()? })
}
