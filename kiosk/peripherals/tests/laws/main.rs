//! No bytes make a decoder of the peripherals panic or grow: mutants of papers and frames, and ten
//! million random bytes for each, in a few seconds. The fuzz targets in `tests/fuzz` go on from here, over
//! the same functions.

use kiosk_peripherals::escpos::decoder as escpos;
use kiosk_peripherals::idcard::frame::{self, Side};
use testkit::mutants::{INPUTS, feed_mutants, seed};
use testkit::random::Seeded;

mod decoders;

/// Random bytes for each decoder.
const RANDOM_BYTES: usize = 10_000_000;
const CHUNK_BYTES: usize = 4_096;
/// A printer draws every mutant.
const DRAWN: u32 = INPUTS / 50;

#[test]
fn no_bytes_make_the_decoder_of_printer_commands_panic() {
    let papers = decoders::papers();
    let tally = feed_mutants("escpos", decoders::escpos, &papers, seed(), INPUTS / 10);
    println!("escpos: seed {}, {tally:?}", seed());
    assert!(tally.read > INPUTS / 1_000 && tally.refused > INPUTS / 100);
}

#[test]
fn no_bytes_make_the_virtual_printer_panic() {
    let papers = decoders::papers();
    let draw = decoders::virtual_printer;
    let tally = feed_mutants("virtual_printer", draw, &papers, seed(), DRAWN);
    println!("virtual_printer: seed {}, {tally:?}", seed());
    assert!(tally.refused > DRAWN / 10);
}

#[test]
fn no_bytes_make_the_decoder_of_card_frames_panic() {
    let frames = decoders::frames();
    let tally = feed_mutants("idcard", decoders::idcard, &frames, seed(), INPUTS);
    println!("idcard: seed {}, {tally:?}", seed());
    assert!(tally.read > INPUTS / 1_000 && tally.refused > INPUTS / 10);
}

/// Feeds ten million random bytes and gives the most that was held.
fn feed_random(mut feed: impl FnMut(&[u8]) -> usize) -> usize {
    let mut random = Seeded::new(seed());
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut held_max = 0;
    for _ in 0..RANDOM_BYTES.div_ceil(CHUNK_BYTES) {
        random.fill(&mut chunk);
        held_max = held_max.max(feed(&chunk));
    }
    held_max
}

#[test]
fn ten_million_random_bytes_neither_panic_nor_grow_in_either_decoder() {
    let mut commands = escpos::Decoder::new();
    let held = feed_random(|bytes| {
        drop(commands.push(bytes));
        commands.held()
    });
    assert!(held <= escpos::HELD_BYTES_MAX, "{held}");
    for side in [Side::Host, Side::Reader] {
        let mut frames = frame::Decoder::new(side);
        let held = feed_random(|bytes| {
            frames.push(bytes);
            while frames.take().is_some() {}
            frames.held()
        });
        assert!(held <= frame::HELD_BYTES_MAX, "{held}");
    }
}
