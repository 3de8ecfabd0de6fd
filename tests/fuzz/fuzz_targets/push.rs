//! Fuzzes a device's push of events: the decoder `push` of `testkit::decoders` with its laws.

#![no_main]

use libfuzzer_sys::fuzz_target;
use testkit::decoders::decoder;

fuzz_target!(|bytes: &[u8]| {
    (decoder("push").decode)(bytes);
});
