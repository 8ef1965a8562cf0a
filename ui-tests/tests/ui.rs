//! Mistakes and what the compiler says.
//!
//! Each program in `tests/mistakes/` is refused by `cargo check` with the message beside it, each in `tests/at_build/` by
//! `cargo build` alone, and each in `tests/compiles/` runs. `TRYBUILD=overwrite cargo test -p ui-tests` writes the messages;
//! read each: layer, both sizes and what to write stand in its first lines.

use trybuild::TestCases;

#[test]
fn mistakes() {
    TestCases::new().compile_fail("tests/mistakes/*.rs");
}

/// A program that must run makes trybuild build them all.
#[test]
fn built() {
    let cases = TestCases::new();
    cases.pass("tests/compiles/*.rs");
    cases.compile_fail("tests/at_build/*.rs");
}
