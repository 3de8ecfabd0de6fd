//! Fuzzes pay and places in free words: the decoder `vacancy_words` of `testkit::decoders` with its laws.

#![no_main]

use libfuzzer_sys::fuzz_target;
use testkit::decoders::decoder;

fuzz_target!(|bytes: &[u8]| {
    (decoder("vacancy_words").decode)(bytes);
});
