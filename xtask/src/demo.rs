//! `cargo xtask demo`.

use crate::setup;
use anyhow::{Result, bail};
use std::process::ExitCode;

/// The demonstration.
pub fn demo() -> Result<ExitCode> {
    setup::boards()?;
    bail!("the demonstration is not there yet")
}
