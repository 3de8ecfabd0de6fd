//! No bytes make a decoder panic: every decoder of the table on its samples and on a hundred
//! thousand seeded mutants of them, in a few seconds. The fuzz targets in `tests/fuzz` go on from
//! here, over the same table.

use std::path::Path;
use std::thread;

use testkit::decoders::DECODERS;
use testkit::mutants::{INPUTS, feed_mutants, seed};

#[test]
fn no_decoder_panics_on_a_hundred_thousand_inputs_each() {
    let seed = seed();
    thread::scope(|scope| {
        for decoder in DECODERS {
            scope.spawn(move || {
                let samples = (decoder.samples)();
                let tally = feed_mutants(decoder.name, decoder.decode, &samples, seed, INPUTS);
                let name = decoder.name;
                println!(
                    "{name}: seed {seed}, {} read, {} refused",
                    tally.read, tally.refused
                );
                assert!(
                    tally.refused > INPUTS / 10,
                    "{name} hardly refuses: {tally:?}"
                );
                assert!(tally.read > 0, "{name} reads no mutant: {tally:?}");
            });
        }
    });
}

#[test]
fn every_decoder_has_its_fuzz_target() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz");
    for decoder in DECODERS {
        let target = fuzz
            .join("fuzz_targets")
            .join(decoder.name)
            .with_extension("rs");
        assert!(target.is_file(), "{} is missing", target.display());
    }
}
