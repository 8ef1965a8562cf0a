//! Statics for the rows of `docs/memory.md` with a GRU. The program is linked, but never run.

#![no_std]
#![no_main]

#[path = "../rows.rs"]
mod rows;

type Cell<const I: usize, const H: usize> = elman::Gru<I, H>;
