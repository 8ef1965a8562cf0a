//! Recurrent networks for C: `include/rnn.h` says what each entry does.
//!
//! | module | entries for C |
//! |---|---|
//! | [`entries`] | a classifier with each cell: Elman, GRU, LSTM; every entry is one call into [`classifier`] |
//! | [`tagger`] | a label for each step of a sequence, read in both directions |
//! | [`detector`] | decisions over a stream |
//! | [`writer`] | a character model: texts learned and written, an image that tests itself |
//! | `proofs` | none: functions that only Rust calls, for the linker to check (feature `proofs`) |
//! | [`header`], [`status`] | the numbers that C and Rust must agree on |
//!
//! C keeps all memory: a network, a state and the memory of training are plain structs of a size that the header states and
//! the compiler checks. All zeros are a valid start of each. Nothing is allocated.
//!
//! Nothing panics either, and the linker proves it: the function that a panic would call does not exist.

#![no_std]

mod classifier;
mod detector;
mod entries;
mod header;
mod panic;
#[cfg(feature = "proofs")]
mod proofs;
mod slice;
mod status;
mod tagger;
mod writer;
