//! Tests that need more crates than the core; all of them are in `tests/`.
