//! Sizes: the tables of the README and of `docs/memory.md`, computed again.

mod costs;
mod memory;
mod training_bytes;
