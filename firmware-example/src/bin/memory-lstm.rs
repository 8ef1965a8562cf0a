//! Statics for the rows of `docs/memory.md` with an LSTM. The program is linked, but never run.

#![no_std]
#![no_main]

#[path = "../rows.rs"]
mod rows;

type Cell<const I: usize, const H: usize> = elman::Lstm<I, H>;
