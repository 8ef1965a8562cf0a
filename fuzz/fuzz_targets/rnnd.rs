//! Fuzz target for `.rnnd` data sets.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| elman_fuzz::rnnd::check(bytes));
