//! Fuzzes the canonical text of an event: the decoder `envelope` of `testkit::decoders` with its laws.

#![no_main]

use libfuzzer_sys::fuzz_target;
use testkit::decoders::decoder;

fuzz_target!(|bytes: &[u8]| {
    (decoder("envelope").decode)(bytes);
});
