//! Fuzzes program files of LED cards with the laws of `display-driver/tests/laws`.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../../display-driver/tests/laws/decoders.rs"]
#[allow(dead_code, reason = "the other targets use the rest")]
mod decoders;

fuzz_target!(|bytes: &[u8]| {
    decoders::programs(bytes);
});
