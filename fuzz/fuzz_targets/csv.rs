//! Fuzz target for CSV tables.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| elman_fuzz::csv::check(bytes));
