//! See `baml_fuzz::sse`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| baml_fuzz::sse(data));
