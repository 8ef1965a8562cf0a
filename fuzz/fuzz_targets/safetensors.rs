//! Fuzz target for PyTorch state dicts.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| elman_fuzz::safetensors::check(bytes));
