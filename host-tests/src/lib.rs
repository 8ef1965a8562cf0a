//! Shared parts of the proofs of `elman`: reference values, tolerances, a plain replay of a window, finite differences.
//!
//! The core holds no tests of its own: under `cargo test` a `no_std` library is silently given `std`, so only an outside
//! crate proves it.

pub mod cells;
pub mod difference;
pub mod goal;
pub mod golden;
pub mod image;
pub mod noise;
pub mod numbers;
pub mod optimizers;
pub mod parity;
pub mod plain;
pub mod precision;
pub mod properties;
pub mod reordered;
pub mod replay;
pub mod slices;
pub mod slopes;
pub mod stored;
pub mod tolerance;
pub mod walk;

pub use difference::{Failure, Problem};
pub use golden::Golden;
pub use noise::Noise;
pub use numbers::Numbers;
pub use precision::Precision;
pub use replay::{Replay, replay};
pub use slices::in_slices;
pub use tolerance::{Tolerance, assert_close};

/// The README, whose figures tests print and compare.
#[must_use]
pub const fn readme() -> &'static str {
    include_str!("../../README.md")
}
