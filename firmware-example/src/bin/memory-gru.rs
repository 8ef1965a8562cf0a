//! The rows of `docs/memory.md` with a GRU, as statics. Linked, and never run.

#![no_std]
#![no_main]

#[path = "../rows.rs"]
mod rows;

type Cell<const I: usize, const H: usize> = elman::Gru<I, H>;
