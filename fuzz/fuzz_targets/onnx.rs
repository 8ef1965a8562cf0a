//! Fuzz target for ONNX graphs.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| elman_fuzz::onnx::check(bytes));
