//! Fuzz target for images.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| elman_fuzz::image::check(bytes));
