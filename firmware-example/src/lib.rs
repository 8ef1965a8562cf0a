//! Board support for the example programs: memory, faults, exit, logs and measurements, shared by all boards of
//! `boards.rs`.
//!
//! | module | contents |
//! |---|---|
//! | [`activity`] | a network in integers that tells what the wearer of a phone does, which the host's tests run too |
//! | [`mod@bench`] | tools for the measurements of `bench` |
//! | [`board`] | name and clock of the board this is built for |
//! | [`budget`] | the part of the micro:bit's memory that a program may use |
//! | [`count`] | [`instructions`], which counts the instructions that a piece of work executes |
//! | [`fixed`] | networks in fixed point that learn here, which the host's tests run too |
//! | [`exit`] | [`exit_success`], and an exit code for each way to fail |
//! | [`integers`] | networks converted to integers on the device, which the host's tests run too |
//! | [`learned`] | the log of a program that trains several cells |
//! | [`lesson`] | a small training run of each cell, whole and in slices, which the host's tests run too |
//! | [`letters`] | a character model trained on English on the host and on German on the device |
//! | [`memory`] | [`stack_used`], [`ram_used`], [`flash_used`] |
//! | [`reber`] | the embedded Reber grammar, learned on the device |
//! | [`shrunk`] | a network of speakers that is put into integers here, which the host's tests run too |
//! | [`speakers`] | a model in flash and utterances, for the programs that use them |
//! | [`uart`] | the serial port, behind `embedded_io::Write` |
//! | [`wearer`] | a model of nine people's movements that adapts to a tenth |
//! | [`writer`] | a character model that writes sentences |
//!
//! A program logs with `defmt::info!`; the log is sent through semihosting, where `cargo xtask qemu` reads it.
//! There is no allocator. A panic, a fault and a stack overflow each end the program with their own code.

#![no_std]

pub mod activity;
pub mod bench;
pub mod board;
pub mod budget;
pub mod count;
pub mod exit;
mod fault;
pub mod fixed;
#[cfg(mpu_guard)]
mod guard;
pub mod integers;
pub mod learned;
pub mod lesson;
pub mod letters;
pub mod memory;
pub mod reber;
pub mod shrunk;
pub mod speakers;
pub mod uart;
pub mod wearer;
pub mod writer;

pub use count::instructions;
pub use exit::{exit_failure, exit_success};
pub use memory::{flash_used, ram_used, stack_used};

// Linked for what it registers: the log transport of defmt.
use defmt_semihosting as _;
