//! Fuzzes ranges of versions of the wire: the decoder `versions` of `testkit::decoders` with its laws.

#![no_main]

use libfuzzer_sys::fuzz_target;
use testkit::decoders::decoder;

fuzz_target!(|bytes: &[u8]| {
    (decoder("versions").decode)(bytes);
});
