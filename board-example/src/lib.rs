//! Product on a real board, an nRF52840-DK with embassy: a watch that recognises its wearer's motions and learns
//! from them.
//!
//! | module | contents |
//! |---|---|
//! | [`cycles`] | processor cycles that a piece of work takes |
//! | [`memory`] | `stack_used`, `ram_used`, `flash_used`: the same source file as in `firmware-example` |
//! | [`motion`] | the watch without the board; tests on the host run it too |
//! | [`recordings`] | recorded samples, in place of sensors |
//!
//! | program | |
//! |---|---|
//! | `watch` | reads samples on time, decides, learns in slices, and never starves the watchdog |
//! | `bench` | measures the cycles of a step and of an update |
//!
//! `docs/your-board.md` explains how to port this example to another board.

#![no_std]

pub mod cycles;
#[allow(dead_code, reason = "a guard of firmware-example uses the rest")]
#[path = "../../firmware-example/src/memory.rs"]
pub mod memory;
pub mod motion;
pub mod recordings;

use elman::image::Aligned;

// Linked for what they register: the log transport of defmt and the panic handler.
use {defmt_rtt as _, panic_probe as _};

/// Image in flash, written by the trainer's example `motions`.
pub static MODEL: &Aligned<[u8]> = &Aligned(*include_bytes!("../models/motions.elman"));
