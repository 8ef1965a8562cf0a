//! Fuzz target for NumPy arrays.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| elman_fuzz::npy::check(bytes));
