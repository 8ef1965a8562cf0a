//! Fuzz target for NumPy archives.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| elman_fuzz::npz::check(bytes));
