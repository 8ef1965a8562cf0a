//! Shared parts of the proofs of `elman`: reference values, tolerances, replay of a window, finite differences.
//!
//! The core has no tests of its own: under `cargo test` a `no_std` library silently gets `std`, so only an
//! external crate can test it.

pub mod cells;
pub mod difference;
pub mod goal;
pub mod golden;
pub mod image;
pub mod integers;
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

/// Returns the README, whose figures tests print and compare.
#[must_use]
pub const fn readme() -> &'static str {
    include_str!("../../README.md")
}

/// Compiles and runs the code in `docs/integers.md`.
#[cfg(doctest)]
#[doc = include_str!("../../docs/integers.md")]
struct Integers;
