//! Typical mistakes, and the compiler's messages for them.
//!
//! Each program in `tests/mistakes/` is refused by `cargo check` with the message stored next to it, each in
//! `tests/at_build/` only by `cargo build`, and each in `tests/compiles/` runs. `TRYBUILD=overwrite cargo test -p
//! ui-tests` writes the messages; read each of them: its first lines must name the layer, both sizes and what to
//! write.

use trybuild::TestCases;

#[test]
fn mistakes() {
    TestCases::new().compile_fail("tests/mistakes/*.rs");
}

/// Builds all programs, because trybuild does so if one of them must run.
#[test]
fn built() {
    let cases = TestCases::new();
    cases.pass("tests/compiles/*.rs");
    cases.compile_fail("tests/at_build/*.rs");
}
