//! Fuzzes the numbers by which persons are found: the decoder `person_numbers` of `testkit::decoders` with its laws.

#![no_main]

use libfuzzer_sys::fuzz_target;
use testkit::decoders::decoder;

fuzz_target!(|bytes: &[u8]| {
    (decoder("person_numbers").decode)(bytes);
});
