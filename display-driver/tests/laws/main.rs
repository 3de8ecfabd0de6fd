//! No bytes on the line make the driver or a simulated board panic: frames of every command and a
//! hundred thousand seeded mutants of them, in a few seconds. The fuzz targets in `tests/fuzz` go on
//! from here, over the same functions.

use testkit::decoders::Reading;
use testkit::mutants::{INPUTS, feed_mutants, seed};

mod decoders;

#[test]
fn no_bytes_make_the_frame_decoder_panic() {
    let samples = decoders::samples();
    let tally = feed_mutants("onbon_frames", decoders::frames, &samples, seed(), INPUTS);
    println!("onbon_frames: seed {}, {tally:?}", seed());
    assert!(tally.read > INPUTS / 100 && tally.refused > INPUTS / 10);
}

#[test]
fn no_bytes_make_a_simulated_board_panic() {
    let mut requests = decoders::samples();
    requests.retain(|frame| decoders::board(frame) == Reading::Read);
    assert!(requests.len() >= 5, "a board answers most commands");
    let tally = feed_mutants("onbon_board", decoders::board, &requests, seed(), INPUTS);
    println!("onbon_board: seed {}, {tally:?}", seed());
    assert!(tally.read > INPUTS / 100 && tally.refused > INPUTS / 10);
}

#[test]
fn no_bytes_make_the_decoder_of_alpha_packets_panic() {
    let samples = decoders::alpha_samples();
    let decode = decoders::alpha_packets;
    let tally = feed_mutants("alpha_packets", decode, &samples, seed(), INPUTS);
    println!("alpha_packets: seed {}, {tally:?}", seed());
    assert!(tally.read > INPUTS / 100 && tally.refused > INPUTS / 10);
}

#[test]
fn no_bytes_make_a_simulated_alpha_sign_panic() {
    let mut requests = decoders::alpha_samples();
    requests.retain(|packet| decoders::alpha_sign(packet) == Reading::Read);
    assert!(requests.len() >= 15, "a sign takes most commands");
    let tally = feed_mutants(
        "alpha_sign",
        decoders::alpha_sign,
        &requests,
        seed(),
        INPUTS,
    );
    println!("alpha_sign: seed {}, {tally:?}", seed());
    assert!(tally.read > INPUTS / 100 && tally.refused > INPUTS / 10);
}
