//! Fuzzes ciphertexts and the names of keys: the decoder `sealed` of `testkit::decoders` with its laws.

#![no_main]

use libfuzzer_sys::fuzz_target;
use testkit::decoders::decoder;

fuzz_target!(|bytes: &[u8]| {
    (decoder("sealed").decode)(bytes);
});
