//! Fuzzes what hall node and centre say to each other: the decoder `relay` of `testkit::decoders` with its laws.

#![no_main]

use libfuzzer_sys::fuzz_target;
use testkit::decoders::decoder;

fuzz_target!(|bytes: &[u8]| {
    (decoder("relay").decode)(bytes);
});
