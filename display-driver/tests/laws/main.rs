//! No bytes on the line make the driver or a simulated board panic: frames of every command and a
//! hundred thousand seeded mutants of them, in a few seconds. The fuzz targets in `tests/fuzz` go on
//! from here, over the same functions.

use display_driver::codec::{alpha, onbon_k};
use testkit::decoders::Reading;
use testkit::mutants::{INPUTS, feed_mutants, seed};
use testkit::random::Seeded;

/// Random bytes for each decoder and each width of a byte.
const RANDOM_BYTES: usize = 10_000_000;
const CHUNK_BYTES: usize = 4_096;

mod decoders;

#[test]
fn no_bytes_make_the_frame_decoder_panic() {
    let samples = decoders::samples();
    let tally = feed_mutants("onbon_frames", decoders::frames, &samples, seed(), INPUTS);
    println!("onbon_frames: seed {}, {tally:?}", seed());
    assert!(tally.read > INPUTS / 100 && tally.refused > INPUTS / 10);
}

#[test]
fn no_bytes_make_the_reader_of_program_files_panic() {
    let samples = decoders::program_samples();
    let tally = feed_mutants(
        "onbon_programs",
        decoders::programs,
        &samples,
        seed(),
        INPUTS,
    );
    println!("onbon_programs: seed {}, {tally:?}", seed());
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

/// Feeds ten million random bytes, of which only `mask` is kept, and gives the most that was held.
fn feed_random(mask: u8, mut feed: impl FnMut(&[u8]) -> usize) -> usize {
    let mut random = Seeded::new(seed());
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut held_max = 0;
    for _ in 0..RANDOM_BYTES.div_ceil(CHUNK_BYTES) {
        random.fill(&mut chunk);
        chunk.iter_mut().for_each(|byte| *byte &= mask);
        held_max = held_max.max(feed(&chunk));
    }
    held_max
}

#[test]
fn ten_million_random_bytes_neither_panic_nor_grow_in_any_decoder() {
    for mask in [0xFF, 0x7F] {
        let mut onbon = onbon_k::decoder::Decoder::new();
        let held = feed_random(mask, |bytes| {
            onbon.push(bytes);
            onbon.by_ref().for_each(drop);
            onbon.held_bytes()
        });
        assert!(held <= onbon_k::decoder::BODY_BYTES_MAX, "{held}");
        let mut alpha = alpha::decoder::Decoder::new();
        let held = feed_random(mask, |bytes| {
            alpha.push(bytes);
            alpha.by_ref().for_each(drop);
            alpha.held_bytes()
        });
        assert!(held <= alpha::packet::BODY_BYTES_MAX, "{held}");
        // A file is read whole and nothing is held; ten million bytes are some two thousand files.
        let held = feed_random(mask, |bytes| {
            decoders::programs(bytes);
            0
        });
        assert_eq!(held, 0);
    }
}
