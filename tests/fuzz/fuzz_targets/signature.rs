//! Fuzzes public keys and signatures: the decoder `signature` of `testkit::decoders` with its laws.

#![no_main]

use libfuzzer_sys::fuzz_target;
use testkit::decoders::decoder;

fuzz_target!(|bytes: &[u8]| {
    (decoder("signature").decode)(bytes);
});
