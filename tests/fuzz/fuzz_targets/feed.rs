//! Fuzzes pages and rows of the feed: the decoder `feed` of `testkit::decoders` with its laws.

#![no_main]

use libfuzzer_sys::fuzz_target;
use testkit::decoders::decoder;

fuzz_target!(|bytes: &[u8]| {
    (decoder("feed").decode)(bytes);
});
