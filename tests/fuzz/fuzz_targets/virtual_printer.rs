//! Fuzzes what a virtual printer takes from its line, with the laws of `kiosk/peripherals/tests/laws`.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../../kiosk/peripherals/tests/laws/decoders.rs"]
#[allow(dead_code, reason = "the other targets use the rest")]
mod decoders;

fuzz_target!(|bytes: &[u8]| {
    decoders::virtual_printer(bytes);
});
