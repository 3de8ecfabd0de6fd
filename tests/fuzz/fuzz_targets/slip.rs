//! Fuzzes the codes of slips: the decoder `slip` of `testkit::decoders` with its laws.

#![no_main]

use libfuzzer_sys::fuzz_target;
use testkit::decoders::decoder;

fuzz_target!(|bytes: &[u8]| {
    (decoder("slip").decode)(bytes);
});
