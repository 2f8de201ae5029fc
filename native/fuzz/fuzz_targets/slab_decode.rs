#![no_main]

#[path = "../src/slab_decode.rs"]
mod slab_decode;

libfuzzer_sys::fuzz_target!(|data: &[u8]| slab_decode::run(data));
