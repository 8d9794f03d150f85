//! See `baml_fuzz::align`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| baml_fuzz::align(data));
