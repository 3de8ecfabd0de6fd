//! No bytes on the line make the driver or a simulated board panic: frames of every command and a
//! hundred thousand seeded mutants of them, in a few seconds. The fuzz targets in `tests/fuzz` go on
//! from here, over the same functions.

#![allow(
    clippy::print_stdout,
    reason = "a run says its seed and how much it read"
)]

use testkit::decoders::Reading;
use testkit::mutants::{Tally, feed_mutants};

mod decoders;

const INPUTS: u32 = 100_000;
/// Chosen once; `RANDOM_BYTES_SEED` in the environment takes another.
const SEED: u64 = 20_261_123;

fn tally(name: &str, decode: fn(&[u8]) -> Reading, samples: &[Vec<u8>]) -> Tally {
    let chosen = std::env::var("RANDOM_BYTES_SEED").ok();
    let seed = chosen.map_or(SEED, |seed| seed.parse().expect("a seed is a whole number"));
    let tally = feed_mutants(name, decode, samples, seed, INPUTS);
    println!("{name}: seed {seed}, {tally:?}");
    tally
}

#[test]
fn no_bytes_make_the_frame_decoder_panic() {
    let tally = tally("onbon_frames", decoders::frames, &decoders::samples());
    assert!(
        tally.read > INPUTS / 100 && tally.refused > INPUTS / 10,
        "{tally:?}"
    );
}

#[test]
fn no_bytes_make_a_simulated_board_panic() {
    let requests = decoders::samples()
        .into_iter()
        .filter(|frame| decoders::board(frame) == Reading::Read)
        .collect::<Vec<_>>();
    assert!(requests.len() >= 5, "a board answers most commands");
    let tally = tally("onbon_board", decoders::board, &requests);
    assert!(
        tally.read > INPUTS / 100 && tally.refused > INPUTS / 10,
        "{tally:?}"
    );
}
