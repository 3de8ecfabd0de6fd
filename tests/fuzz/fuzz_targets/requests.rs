//! Fuzzes requests of devices: the decoder `requests` of `testkit::decoders` with its laws.

#![no_main]

use libfuzzer_sys::fuzz_target;
use testkit::decoders::decoder;

fuzz_target!(|bytes: &[u8]| {
    (decoder("requests").decode)(bytes);
});
