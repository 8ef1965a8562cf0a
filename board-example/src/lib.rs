//! Product on a real board, an nRF52840-DK with embassy: a watch that recognises motions and learns those of its
//! wearer.
//!
//! | module | contents |
//! |---|---|
//! | [`cycles`] | cycles of the processor that a piece of work takes |
//! | [`memory`] | `stack_used`, `ram_used`, `flash_used`: the file of `firmware-example` |
//! | [`motion`] | the watch without the board, which the host's tests run too |
//! | [`recordings`] | recorded samples, in place of sensors |
//!
//! | program | |
//! |---|---|
//! | `watch` | samples on time, decisions, learning in slices, and a watchdog that none of it starves |
//! | `bench` | cycles of a step and of an update |
//!
//! `docs/your-board.md` explains how to port it to another board.

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
