//! Fuzzes answers of the server: the decoder `answers` of `testkit::decoders` with its laws.

#![no_main]

use libfuzzer_sys::fuzz_target;
use testkit::decoders::decoder;

fuzz_target!(|bytes: &[u8]| {
    (decoder("answers").decode)(bytes);
});
