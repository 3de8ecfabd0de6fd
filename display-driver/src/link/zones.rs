//! Boards of several areas: what takes all of a board is one frame, what is known of each area stays
//! right whatever becomes of that frame, and what must be gone is gone within five seconds.

use std::collections::BTreeMap;
use std::time::Duration;

use super::bench::{Bench, content, id, ms};
use super::{Input, LinkEvent, Order, Urgency};
use crate::codec::Ask;
use crate::codec::Talk;
use crate::codec::onbon_k::answer::AnswerCode;
use crate::content::{AreaId, BoardId};
use crate::virtual_board::Misbehaviour;

const ZONES: [(u8, &str); 3] = [(1, "电工"), (2, "09:30"), (3, "政策")];
const EMERGENCY: [(u8, &str); 1] = [(0, "请立即疏散")];
/// From a row of the feed to the last board that shows it no longer.
const GONE_WITHIN: Duration = Duration::from_secs(5);

/// The areas on the glass with their words.
fn glass(bench: &Bench) -> BTreeMap<u8, String> {
    let state = bench.cards[&1].state(bench.now);
    let words = |text: String| text.trim_start_matches(r"\FO000\FE000\C1").to_owned();
    let areas = state.areas.into_iter();
    areas.map(|(area, text)| (area, words(text))).collect()
}

fn areas(texts: &[(u8, &str)]) -> BTreeMap<u8, String> {
    let owned = texts.iter().map(|&(area, text)| (area, text.to_owned()));
    owned.collect()
}

/// What the link says for certain, and what it only believes.
fn known(bench: &Bench) -> [BTreeMap<u8, String>; 2] {
    let board = bench.link.knowledge().remove(&id(1)).expect("a board");
    let of = |confirmed: bool| {
        let shown = board.areas.iter().filter_map(move |(area, known)| {
            let content = match confirmed {
                true => known.confirmed.as_ref(),
                false => known.believed.as_ref(),
            };
            Some((area.0, content?.text()))
        });
        shown.collect()
    };
    [of(true), of(false)]
}

/// A board that shows its zones for sure.
fn playing() -> Bench {
    let mut bench = Bench::open(&[1]);
    bench.compose(1, &ZONES, Urgency::Ordinary);
    bench.run(ms(3_000));
    assert_eq!(glass(&bench), areas(&ZONES));
    assert_eq!(known(&bench)[0], areas(&ZONES));
    bench
}

fn shows_since(bench: &Bench, from: Duration) -> usize {
    let sent = bench.events.iter().filter(|(at, event)| {
        *at >= from && matches!(event, LinkEvent::Sent { ask, .. } if ask.shown().is_some() || !ask.cleared().is_empty())
    });
    sent.count()
}

#[test]
fn what_takes_the_whole_board_is_one_frame_and_the_zones_come_back() {
    let mut bench = playing();
    let given = bench.now;
    bench.compose(1, &EMERGENCY, Urgency::Emergency);
    bench.run(ms(60));
    assert_eq!(glass(&bench), areas(&EMERGENCY));
    assert_eq!(known(&bench), [areas(&EMERGENCY), areas(&EMERGENCY)]);
    bench.run(ms(3_000));
    assert_eq!(shows_since(&bench, given), 1);
    let ended = bench.now;
    bench.compose(1, &ZONES, Urgency::Prompt);
    bench.run(ms(3_000));
    assert_eq!(glass(&bench), areas(&ZONES));
    assert_eq!(known(&bench), [areas(&ZONES), areas(&ZONES)]);
    assert_eq!(
        shows_since(&bench, ended),
        3,
        "no frame of its own for the emergency's area"
    );
}

#[test]
fn a_whole_board_frame_whose_answer_is_lost_is_believed_and_then_confirmed() {
    let mut bench = playing();
    bench.card(1).misbehave(Misbehaviour::LoseAnswer);
    bench.compose(1, &EMERGENCY, Urgency::Emergency);
    bench.run(ms(1_000));
    assert_eq!(glass(&bench), areas(&EMERGENCY));
    assert_eq!(known(&bench), [BTreeMap::new(), areas(&EMERGENCY)]);
    bench.run(ms(5_000));
    assert_eq!(known(&bench), [areas(&EMERGENCY), areas(&EMERGENCY)]);
}

#[test]
fn a_whole_board_frame_that_never_arrived_goes_again_with_all_that_it_drops() {
    let mut bench = playing();
    bench.card(1).misbehave(Misbehaviour::IgnoreSilently);
    bench.compose(1, &EMERGENCY, Urgency::Emergency);
    bench.run(ms(1_000));
    assert_eq!(glass(&bench), areas(&ZONES), "the card has not heard of it");
    assert_eq!(
        known(&bench)[0],
        BTreeMap::new(),
        "nothing is certain meanwhile"
    );
    bench.run(ms(5_000));
    assert_eq!(glass(&bench), areas(&EMERGENCY));
    assert_eq!(known(&bench)[0], areas(&EMERGENCY));
}

#[test]
fn a_refused_whole_board_frame_leaves_the_zones_known_and_a_busy_card_gets_it_later() {
    let mut bench = playing();
    bench
        .card(1)
        .misbehave(Misbehaviour::Refuse(AnswerCode::Busy));
    bench.compose(1, &EMERGENCY, Urgency::Emergency);
    bench.run(ms(100));
    assert_eq!(known(&bench), [areas(&ZONES), areas(&ZONES)]);
    bench.run(ms(2_000));
    assert_eq!(glass(&bench), areas(&EMERGENCY));
}

#[test]
fn the_same_order_twice_is_one_frame_and_an_order_taken_back_in_flight_ends_right() {
    let mut bench = playing();
    let given = bench.now;
    bench.compose(1, &EMERGENCY, Urgency::Emergency);
    bench.compose(1, &EMERGENCY, Urgency::Emergency);
    bench.run(ms(3_000));
    assert_eq!(shows_since(&bench, given), 1);
    bench.compose(1, &ZONES, Urgency::Prompt);
    bench.run(ms(3_000));
    bench.compose(1, &EMERGENCY, Urgency::Emergency);
    bench.run(ms(5));
    bench.compose(1, &ZONES, Urgency::Prompt);
    bench.run(ms(4_000));
    assert_eq!(glass(&bench), areas(&ZONES));
    assert_eq!(known(&bench), [areas(&ZONES), areas(&ZONES)]);
}

#[test]
fn a_power_cut_under_an_emergency_brings_the_emergency_back_and_nothing_beside_it() {
    let mut bench = playing();
    bench.compose(1, &EMERGENCY, Urgency::Emergency);
    bench.run(ms(2_000));
    bench.card(1).cut_power();
    bench.run(ms(40_000));
    assert_eq!(glass(&bench), areas(&EMERGENCY));
}

#[test]
fn what_an_earlier_run_left_on_a_card_is_dropped_when_the_card_is_found() {
    let mut first = playing();
    let mut bench = Bench::new(&[1]);
    bench
        .cards
        .insert(1, first.cards.remove(&1).expect("a card"));
    bench.feed(Input::PortOpened);
    let texts = [(0, "岗位")];
    bench.compose(1, &texts, Urgency::Ordinary);
    bench.run(ms(1_500));
    assert_eq!(glass(&bench), areas(&texts));
}

/// Keeps eight boards busy with ordinary texts, withdraws them everywhere at once, and gives how
/// long the last board still showed its own.
fn withdrawn_after(bench: &mut Bench, lit: impl Fn(&Bench, u16) -> bool) -> Duration {
    for round in 0..20_u32 {
        for address in 1..=8 {
            bench.show(address, &format!("岗位{round}"), Urgency::Ordinary);
        }
        bench.run(ms(700));
    }
    assert!((1..=8).any(|address| lit(bench, address)));
    let given = bench.now;
    for address in 1..=8 {
        bench.compose(address, &[(0, "新")], Urgency::Prompt);
        // Something ordinary wants the line again at once.
        bench.feed(Input::Submit {
            board: BoardId(format!("b{address}")),
            order: Order::Show(content("新"), Urgency::Ordinary),
        });
    }
    while (1..=8).any(|address| lit(bench, address)) {
        bench.run(ms(10));
        assert!(bench.now - given < GONE_WITHIN * 4, "never gone");
    }
    bench.now - given
}

#[test]
fn what_is_withdrawn_leaves_eight_busy_boards_at_9600_within_five_seconds() {
    let addresses: Vec<u16> = (1..=8).collect();
    let mut bench = Bench::at(9_600, &addresses);
    bench.feed(Input::PortOpened);
    let lit = |bench: &Bench, address| {
        let text = bench.text_on(address);
        text.is_some_and(|text| text.contains("岗位"))
    };
    let gone = withdrawn_after(&mut bench, lit);
    assert!(gone <= GONE_WITHIN, "{gone:?}");
}

#[test]
fn what_is_withdrawn_leaves_the_others_within_five_seconds_although_one_board_is_silent() {
    let addresses: Vec<u16> = (1..=9).collect();
    let mut bench = Bench::at(9_600, &addresses);
    bench.feed(Input::PortOpened);
    bench.run(ms(5_000));
    for _ in 0..60 {
        bench.card(9).misbehave(Misbehaviour::IgnoreSilently);
    }
    bench.show(9, "岗位", Urgency::Urgent);
    let lit = |bench: &Bench, address| {
        let text = bench.text_on(address);
        text.is_some_and(|text| text.contains("岗位"))
    };
    let gone = withdrawn_after(&mut bench, lit);
    assert!(gone <= GONE_WITHIN, "{gone:?}");
}

#[test]
fn eight_signs_whose_pictures_take_seconds_are_dark_within_five() {
    let mut bench = Bench::of_signs(&[Talk::Mute; 8]);
    bench.feed(Input::PortOpened);
    bench.run(ms(180_000));
    for address in 1..=8 {
        bench.show(address, "电工", Urgency::Ordinary);
    }
    bench.run(ms(120_000));
    let picture = super::signs::drawn(&content("电工"));
    let lit = |bench: &Bench, address| super::signs::glass(bench, address) == picture;
    assert!((1..=8).all(|address| lit(&bench, address)));
    // One picture is on the wire when the order comes.
    bench.show(1, "焊工", Urgency::Ordinary);
    bench.run(ms(300));
    let given = bench.now;
    for address in 1..=8 {
        bench.compose(address, &[(0, "钳工")], Urgency::Prompt);
    }
    while (1..=8).any(|address| lit(&bench, address)) {
        bench.run(ms(10));
        assert!(bench.now - given <= GONE_WITHIN, "{:?}", bench.now - given);
    }
    bench.run(ms(120_000));
    let new = super::signs::drawn(&content("钳工"));
    assert!((1..=8).all(|address| super::signs::glass(&bench, address) == new));
    let removed = |event: &LinkEvent| {
        matches!(
            event,
            LinkEvent::Believed {
                ask: Ask::Remove(AreaId(0)),
                ..
            }
        )
    };
    assert!(bench.times(removed).len() >= 7);
}
