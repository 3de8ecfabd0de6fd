//! Fuzzes ids, numbers and letters of people and places: the decoder `names` of `testkit::decoders` with its laws.

#![no_main]

use libfuzzer_sys::fuzz_target;
use testkit::decoders::decoder;

fuzz_target!(|bytes: &[u8]| {
    (decoder("names").decode)(bytes);
});
