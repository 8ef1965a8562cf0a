//! Sizes: the tables of the README and of `docs/memory.md`, recomputed.

mod costs;
mod memory;
mod training_bytes;
