//! Fuzz target for vocabularies.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| elman_fuzz::vocabulary::check(bytes));
