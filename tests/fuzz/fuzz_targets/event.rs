//! Fuzzes bodies of events by kind: the decoder `event` of `testkit::decoders` with its laws.

#![no_main]

use libfuzzer_sys::fuzz_target;
use testkit::decoders::decoder;

fuzz_target!(|bytes: &[u8]| {
    (decoder("event").decode)(bytes);
});
