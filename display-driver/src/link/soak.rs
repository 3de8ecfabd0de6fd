//! An hour on a bad line, for several seeds: flipped, dropped and doubled bytes, lost answers,
//! unplugging and power cuts. Virtual time, so an hour takes seconds.

use super::bench::{Bench, Noise, content, id, ms};
use super::signs::{drawn, glass};
use super::{Input, LinkEvent, Presence, Urgency};
use crate::codec::Ask;
use crate::codec::alpha::sign::Talk;
use crate::virtual_board::Misbehaviour;

const HOUR_STEPS: u64 = 360;
const SEEDS: [u64; 4] = [1, 2026, 77_777, 0xDEAD_BEEF];
/// Asks of one text that no fault can exceed: three for silence, three for broken frames, three for
/// busy and the first, per time that a board is found again.
const QUIET_SENDS_MAX: usize = 10;

fn shows(bench: &Bench) -> usize {
    bench
        .times(|event| {
            matches!(
                event,
                LinkEvent::Sent {
                    ask: Ask::Show(_),
                    ..
                }
            )
        })
        .len()
}

/// Plays faults for an hour, ten seconds at a time; gives the last text of each board.
fn bad_hour(bench: &mut Bench, seed: u64, boards: u16) -> Vec<String> {
    let mut dice = Noise::new(seed ^ 0x5555, 1, 0);
    let mut last = vec![String::new(); usize::from(boards)];
    for step in 0..HOUR_STEPS {
        let address = 1 + dice.draw(u64::from(boards)) as u16;
        let text = match dice.draw(2) {
            0 => format!("请 A{step:03} 号"),
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
    if let Some(sign) = bench.signs.get_mut(&address) {
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
        // 1 % of the bytes: a third flipped, a third dropped, a third doubled.
        bench.noise = Some(Noise::new(seed, 33, 1));
        let last = bad_hour(&mut bench, seed, 3);
        bench.noise = None;
        let faults = bench.link.faults();
        assert!(
            faults.broken_frames > 50 && faults.timeouts > 50,
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

#[test]
fn after_an_hour_of_faults_every_sign_shows_what_was_ordered_last() {
    for seed in SEEDS {
        for talk in [Talk::AnswersReads, Talk::Acknowledges] {
            let mut bench = Bench::of_signs(&[talk]);
            bench.feed(Input::PortOpened);
            // A picture has 3,110 bytes, so 1 % would never let one pass: 0.03 % breaks six in ten.
            bench.noise = Some(Noise::new(seed, 1, 1));
            let last = bad_hour(&mut bench, seed, 1);
            bench.noise = None;
            let faults = bench.link.faults();
            assert!(
                faults.timeouts > 5 && faults.broken_frames > 5,
                "{faults:?}"
            );
            // Two checks of three minutes, a layout, and a sign left alone for ten.
            bench.run(ms(1_200_000));
            let text = last[0].as_str();
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
    }
}

#[test]
fn on_a_bad_line_every_call_goes_out_within_its_bound() {
    for seed in SEEDS {
        let mut bench = Bench::open(&[1, 2, 3]);
        bench.noise = Some(Noise::new(seed, 33, 1));
        bench.run(ms(5_000));
        // One transaction in flight of another board, at worst a time-out of 2.1 s; then, if this
        // board was just being repeated, its pause of 0.8 s; the vendor's second between two texts.
        let bound = ms(2_200 + 800 + 1_000);
        let mut checked = 0;
        for round in 0..200 {
            let address = 1 + (round % 3) as u16;
            let was_online = bench.link.knowledge()[&id(address)].presence == Presence::Online;
            let (given, text) = (bench.now, format!("C{round:03}"));
            bench.show(address, &text, Urgency::Urgent);
            bench.run(ms(6_000));
            let sent = bench.times(|event| {
                matches!(event, LinkEvent::Sent { ask: Ask::Show(it), .. } if it.text() == text)
            });
            assert!(sent.len() <= QUIET_SENDS_MAX, "{round}: {sent:?}");
            // A board given up meanwhile gets its text when a probe finds it.
            let is_given_up = bench.events.iter().any(|(at, event)| {
                matches!(event, LinkEvent::BoardOffline { board } if *board == id(address))
                    && *at >= given
            });
            if was_online && !is_given_up {
                checked += 1;
                let first = sent.first().map(|at| *at - given);
                assert!(
                    first.is_some_and(|after| after <= bound),
                    "seed {seed}, {round}: {first:?}"
                );
            }
        }
        assert!(
            checked >= 50,
            "seed {seed}: {checked} calls met a board that answers"
        );
    }
}
