//! An hour on a bad line, for several seeds: flipped, dropped and doubled bytes, lost answers,
//! unplugging and power cuts. Virtual time, so an hour takes seconds.
//!
//! One byte in a hundred has a flipped bit: of the frames of a text and its answer, some 125 bytes, two
//! in three are broken. (One *bit* in a hundred would leave one such exchange in twenty thousand.)

use std::time::Duration;

use super::bench::{Badness, Bench, Noise, content, id, ms};
use super::signs::{drawn, glass};
use super::{FailureReason, Input, LinkEvent, Urgency};
use crate::codec::Ask;
use crate::codec::Talk;
use crate::virtual_board::Misbehaviour;

const HOUR_STEPS: u64 = 360;
const SEEDS: [u64; 4] = [1, 2026, 77_777, 0xDEAD_BEEF];
/// Asks of one text that no fault can exceed: three for silence, three for broken frames, three for
/// busy and the first, per time that a board is found again.
const QUIET_SENDS_MAX: usize = 10;
/// One byte in a hundred flipped, one in a thousand dropped, one doubled; one transmission in a hundred
/// lost whole.
const BAD: Badness = Badness {
    flipped: 100,
    dropped: 10,
    doubled: 10,
    lost_percent: 1,
};
/// A picture of a sign has 3,110 bytes, so [`BAD`] would never let one pass: this breaks six in ten.
const BAD_FOR_PICTURES: Badness = Badness {
    flipped: 1,
    dropped: 1,
    doubled: 1,
    lost_percent: 1,
};
/// A call is never waited for longer.
const CALL_WAIT_MAX: Duration = Duration::from_secs(600);

/// What is ordered during a bad hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Texts {
    /// Hanzi, which a sign is sent as pictures, and words.
    All,
    /// Words that a sign has letters for.
    Words,
}

fn shows(bench: &Bench) -> usize {
    bench.shows_sent().len()
}

/// Plays faults for an hour, ten seconds at a time; gives the last text of each board.
fn bad_hour(bench: &mut Bench, seed: u64, boards: u16, texts: Texts) -> Vec<String> {
    let mut dice = Noise::new(seed ^ 0x5555, Badness::default());
    let mut last = vec![String::new(); usize::from(boards)];
    for step in 0..HOUR_STEPS {
        let address = 1 + dice.draw(u64::from(boards)) as u16;
        let text = match dice.draw(2) {
            0 if texts == Texts::All => format!("请 A{step:03} 号"),
            _ => format!("B{step:03}"),
        };
        let urgency = match dice.draw(3) {
            0 => Urgency::Urgent,
            _ => Urgency::Ordinary,
        };
        bench.show(address, &text, urgency);
        last[usize::from(address) - 1] = text;
        match dice.draw(30) {
            0 => {
                bench.feed(Input::PortLost);
                bench.inbound.clear();
                bench.run(ms(dice.draw(9_000)));
                bench.feed(Input::PortOpened);
            }
            1 => cut_power(bench, address),
            2..6 => lose_answer(bench, address),
            _ => {}
        }
        bench.run(ms(10_000));
    }
    last
}

fn cut_power(bench: &mut Bench, address: u16) {
    if let Some(card) = bench.cards.get_mut(&address) {
        card.cut_power();
    }
    let last = |wanted: &Ask| {
        let sent =
            bench.times(|event| matches!(event, LinkEvent::Sent { ask, .. } if ask == wanted));
        sent.last().copied()
    };
    // A memory that is lost behind a clear, and then laid out without another, stays dark; nothing in
    // the sheet tells it from the one that was cleared.
    let is_between = last(&Ask::ClearMemory) > last(&Ask::LayOut);
    if let Some(sign) = bench.signs.get_mut(&address).filter(|_| !is_between) {
        sign.lose_memory();
    }
}

fn lose_answer(bench: &mut Bench, address: u16) {
    if let Some(card) = bench.cards.get_mut(&address) {
        card.misbehave(Misbehaviour::LoseAnswer);
    }
}

#[test]
fn after_an_hour_of_faults_every_card_shows_what_was_ordered_last_and_the_line_is_quiet() {
    for seed in SEEDS {
        let mut bench = Bench::open(&[1, 2, 3]);
        bench.noise = Some(Noise::new(seed, BAD));
        let last = bad_hour(&mut bench, seed, 3, Texts::All);
        bench.noise = None;
        let faults = bench.link.faults();
        assert!(
            faults.broken_frames() > 50 && faults.timeouts > 50,
            "{faults:?}"
        );
        // A probe or a status, each every thirty seconds, and what they find missing.
        bench.run(ms(90_000));
        for (address, text) in (1..).zip(&last) {
            assert_eq!(
                bench.text_on(address).as_ref(),
                Some(text),
                "seed {seed}, {address}"
            );
        }
        let before = shows(&bench);
        bench.run(ms(600_000));
        assert_eq!(
            shows(&bench),
            before,
            "seed {seed}: nothing is sent for ever"
        );
    }
}

/// A sign after a bad hour and a good while: it shows what was ordered last, or its refusal was told; and it
/// is left alone.
fn check_sign(talk: Talk, seed: u64, badness: Badness, texts: Texts) {
    let mut bench = Bench::of_signs(&[talk]);
    bench.feed(Input::PortOpened);
    bench.noise = Some(Noise::new(seed, badness));
    let last = bad_hour(&mut bench, seed, 1, texts);
    bench.noise = None;
    let faults = bench.link.faults();
    assert!(
        faults.timeouts > 5 && faults.broken_frames() > 5,
        "{faults:?}"
    );
    // Two checks of three minutes, and a sign that took no layout is left alone for ten: twice, if
    // the layout that it takes then is the next one too many.
    bench.run(ms(1_800_000));
    let text = last[0].as_str();
    // Four packets that the sign refused as broken are told as failed, and are not sent for ever.
    let is_told = bench.times(|event| {
        matches!(event, LinkEvent::Failed { ask: Ask::Show(it), reason: FailureReason::Refused(_), .. }
            if it.text() == text)
    });
    if !is_told.is_empty() {
        assert_eq!(talk, Talk::Acknowledges, "nobody refuses");
        return;
    }
    if text.is_ascii() {
        let shown = bench.signs[&1].shown_text(bench.now);
        assert_eq!(shown, format!("{{red}}{text}"), "seed {seed}, {talk:?}");
    } else {
        let page = drawn(&content(text));
        assert_eq!(glass(&bench, 1), page, "seed {seed}, {talk:?}");
    }
    let before = shows(&bench);
    bench.run(ms(600_000));
    assert_eq!(shows(&bench), before, "seed {seed}, {talk:?}");
}

#[test]
fn after_an_hour_of_faults_every_sign_shows_what_was_ordered_last() {
    for seed in SEEDS {
        for talk in [Talk::AnswersReads, Talk::Acknowledges] {
            check_sign(talk, seed, BAD_FOR_PICTURES, Texts::All);
            check_sign(talk, seed, BAD, Texts::Words);
        }
    }
}

/// When a call went out, and when its board was last found before that.
fn first_sent(bench: &Bench, address: u16, text: &str) -> Option<(Duration, Option<Duration>)> {
    let sent = bench.times(
        |event| matches!(event, LinkEvent::Sent { ask: Ask::Show(it), .. } if it.text() == text),
    );
    let first = *sent.first()?;
    let found = bench
        .times(|event| matches!(event, LinkEvent::BoardOnline { board } if *board == id(address)));
    Some((first, found.into_iter().rfind(|at| *at <= first)))
}

#[test]
fn on_a_bad_line_every_call_goes_out_within_its_bound() {
    for seed in SEEDS {
        let mut bench = Bench::open(&[1, 2, 3]);
        bench.noise = Some(Noise::new(seed, BAD));
        bench.run(ms(5_000));
        // Its own frame with an older text in flight, at worst a time-out of 2.1 s; the pause before
        // it may be sent to again, at most 0.8 s; and another board's frame that began in that pause.
        let bound = ms(2_200 + 800 + 2_200);
        for round in 0..200 {
            let address = 1 + (round % 3) as u16;
            let (given, text) = (bench.now, format!("C{round:03}"));
            bench.show(address, &text, Urgency::Urgent);
            // A board that was given up gets it when a probe finds it, which the line may break, too.
            while first_sent(&bench, address, &text).is_none() {
                bench.run(ms(1_000));
                assert!(bench.now - given < CALL_WAIT_MAX, "seed {seed}, {round}");
            }
            let (sent, found) = first_sent(&bench, address, &text).expect("sent");
            let since = found.map_or(given, |found| found.max(given));
            assert!(
                sent - since <= bound,
                "seed {seed}, {round}: {:?} after it was there",
                sent - since
            );
            bench.run(ms(6_000));
        }
        let texts = bench.sent_texts();
        let found = bench.times(|event| matches!(event, LinkEvent::BoardOnline { .. }));
        assert!(
            texts.len() <= QUIET_SENDS_MAX * (200 + found.len()),
            "seed {seed}: {} frames",
            texts.len()
        );
    }
}
