//! Step on a device whose flash holds a model with other outputs than its probe expects.

use super::programs;
use crate::command::{root, target_dir};
use crate::firmware::{self, elf};
use crate::qemu;
use anyhow::{Context, Result, ensure};
use crc::{CRC_32_ISO_HDLC, Crc};
use std::fs;
use std::time::Duration;

const PROGRAM: &str = "selftest";

/// Code of `firmware-example/src/exit.rs` for a failed check.
const FAILURE: i32 = 100;

/// Time limit on the host; a run takes a second.
const LIMIT: Duration = Duration::from_secs(60);

/// Checks that the probe detects a changed weight even if the checksum matches, and that the program then
/// fails.
pub fn fails() -> Result<()> {
    let board = programs::microbit()?;
    let path = target_dir().join("wrong.elman");
    fs::write(&path, wrong_model()?).with_context(|| path.display().to_string())?;
    firmware::build_with(board, &[PROGRAM], &[("VOWELS_MODEL", &path)])?;
    let outcome = qemu::run(board, &elf(board, PROGRAM), LIMIT, |line| println!("    {line}"))?;
    ensure!(outcome.exit_code == FAILURE, "exit code {}, expected {FAILURE}", outcome.exit_code);
    let log: Vec<String> = outcome.lines.iter().map(qemu::Line::to_string).collect();
    let expected = "ERROR microbit does not start: output 0 of the probe is not as expected";
    ensure!(log == [expected], "the log differs from: {expected}");
    Ok(())
}

/// Returns the firmware's model with the sign of its first weight flipped. `docs/image-format.md` gives the
/// offset of the weight.
fn wrong_model() -> Result<Vec<u8>> {
    let path = root().join("firmware-example/models/vowels.elman");
    let mut image = fs::read(&path).with_context(|| path.display().to_string())?;
    image[35] ^= 0x80;
    let checksum = Crc::<u32>::new(&CRC_32_ISO_HDLC).checksum(&[&image[..28], &image[32..]].concat());
    image[28..32].copy_from_slice(&checksum.to_le_bytes());
    Ok(image)
}
