//! Recurrent networks for C: `include/rnn.h` documents each entry.
//!
//! | module | entries for C |
//! |---|---|
//! | [`entries`] | a classifier with each cell: Elman, GRU, LSTM; every entry is one call into [`classifier`] |
//! | [`tagger`] | a label for each step of a sequence, read in both directions |
//! | [`detector`] | decisions over a stream |
//! | [`small`] | the classifier with a GRU in integers: made of the one that learned, opened in place, stepped |
//! | [`writer`] | a character model that trains on texts and writes texts; its image includes a self-test |
//! | `proofs` | no entries: functions that only Rust calls, checked by the linker (feature `proofs`) |
//! | [`header`], [`status`] | constants on which C and Rust must agree |
//!
//! C owns all memory: a network, a state and the training memory are plain structs whose size is in the header
//! and checked by the compiler. All zeros are a valid initial value of each. Nothing is allocated.
//!
//! Nothing panics either, and the linker proves it: the function that a panic would call is not defined.

#![no_std]

mod classifier;
mod detector;
mod entries;
mod header;
mod panic;
#[cfg(feature = "proofs")]
mod proofs;
mod slice;
mod small;
mod status;
mod tagger;
mod writer;
