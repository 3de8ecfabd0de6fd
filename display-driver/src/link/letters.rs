//! A card without large letters shows an emergency in smaller ones; nothing leaves the glass before
//! something else is accepted, but what may not be seen any longer.

use super::bench::{Bench, content, id, ms};
use super::{Input, LinkEvent, Order, Urgency};
use crate::codec::onbon_k::answer::AnswerCode;
use crate::content::{AreaContent, AreaId, AreaRect, GlyphSize};
use crate::virtual_board::{BoardSettings, CardMake, Misbehaviour, VirtualBoard};

const EMERGENCY: &str = "请马上离开";

/// A board of 192 × 32 dots whose card holds fonts of these heights, its port not open yet.
fn bench(font_heights: &[u8]) -> Bench {
    let mut bench = Bench::new(&[1]);
    let settings = BoardSettings {
        address: 1,
        width_px: 192,
        height_px: 32,
        has_green: true,
    };
    let make = CardMake {
        font_heights: font_heights.to_vec(),
        ..CardMake::default()
    };
    bench.cards.insert(1, VirtualBoard::made(settings, make));
    bench
}

fn large(area: u8, text: &str) -> AreaContent {
    AreaContent {
        area: AreaId(area),
        rect: AreaRect {
            x_px: 0,
            y_px: 0,
            width_px: 192,
            height_px: 32,
        },
        size: GlyphSize::Px32,
        ..content(text)
    }
}

fn compose(bench: &mut Bench, contents: &[AreaContent], urgency: Urgency) {
    let contents = contents.iter().cloned().map(|content| (content, urgency));
    bench.feed(Input::Submit {
        board: id(1),
        order: Order::Compose(contents.collect()),
    });
}

fn missing(bench: &Bench) -> Vec<GlyphSize> {
    let told = bench.events.iter().filter_map(|(_, event)| match event {
        LinkEvent::LettersMissing { size, .. } => Some(*size),
        _ => None,
    });
    told.collect()
}

fn glass(bench: &Bench) -> Vec<(u8, String)> {
    let areas = bench.cards[&1].state(bench.now).areas;
    areas.into_iter().collect()
}

#[test]
fn an_emergency_refused_for_want_of_a_font_goes_at_once_in_the_largest_letters_that_there_are() {
    for (held, named, told) in [
        (
            &[16][..],
            r"\FO000\FE000",
            vec![GlyphSize::Px32, GlyphSize::Px24],
        ),
        (&[16, 24], r"\FO001\FE001", vec![GlyphSize::Px32]),
    ] {
        let mut bench = bench(held);
        compose(&mut bench, &[large(0, EMERGENCY)], Urgency::Emergency);
        bench.feed(Input::PortOpened);
        bench.run(ms(400));
        assert_eq!(glass(&bench), [(0, format!(r"{named}\C1{EMERGENCY}"))]);
        assert!(bench.failures().is_empty());
        assert_eq!(missing(&bench)[..told.len()], told[..]);
        bench.run(ms(60_000));
        assert_eq!(bench.sent_texts().len(), 1 + told.len(), "and never again");
        let known = bench.link.knowledge().remove(&id(1)).expect("a board");
        let shown = known.areas[&AreaId(0)]
            .confirmed
            .as_ref()
            .expect("confirmed");
        assert!(shown.size < GlyphSize::Px32, "the picture is as the glass");
    }
}

#[test]
fn a_card_that_lists_its_fonts_is_never_sent_others() {
    let mut bench = bench(&[16]);
    bench.feed(Input::PortOpened);
    bench.run(ms(1_000));
    assert_eq!(missing(&bench), [GlyphSize::Px24, GlyphSize::Px32]);
    compose(&mut bench, &[large(0, EMERGENCY)], Urgency::Emergency);
    bench.run(ms(1_000));
    assert_eq!(glass(&bench), [(0, format!(r"\FO000\FE000\C1{EMERGENCY}"))]);
    assert!(bench.link.faults().refusals.is_empty());
}

#[test]
fn what_is_on_the_glass_goes_again_in_other_letters_when_the_card_comes_back_with_other_fonts() {
    let mut bench = bench(&[16, 24, 32]);
    bench.feed(Input::PortOpened);
    compose(&mut bench, &[large(0, "岗位")], Urgency::Ordinary);
    bench.run(ms(3_000));
    assert!(glass(&bench)[0].1.starts_with(r"\FO002"));
    let poorer = self::bench(&[16]).cards.remove(&1).expect("a card");
    bench.cards.insert(1, poorer);
    bench.feed(Input::PortLost);
    bench.feed(Input::PortOpened);
    bench.run(ms(5_000));
    assert_eq!(glass(&bench), [(0, r"\FO000\FE000\C1岗位".to_owned())]);
}

#[test]
fn an_emergency_that_no_letters_help_leaves_the_zones_lit_until_something_else_is_accepted() {
    let zones = [(1, "电工"), (2, "09:30")];
    let mut bench = Bench::open(&[1]);
    bench.compose(1, &zones, Urgency::Ordinary);
    bench.run(ms(3_000));
    let lit = glass(&bench);
    bench
        .card(1)
        .misbehave(Misbehaviour::Refuse(AnswerCode::FlashFault));
    bench.compose(1, &[(0, EMERGENCY)], Urgency::Emergency);
    bench.run(ms(10_000));
    assert_eq!(bench.failures().len(), 1);
    assert_eq!(glass(&bench), lit, "not dark");
    // The next page of the emergency is accepted, and drops them.
    bench.compose(1, &[(0, "走安全出口")], Urgency::Emergency);
    bench.run(ms(2_000));
    assert_eq!(
        glass(&bench),
        [(0, r"\FO000\FE000\C1走安全出口".to_owned())]
    );
    bench.compose(1, &zones, Urgency::Prompt);
    bench.run(ms(4_000));
    assert_eq!(glass(&bench), lit);
}

#[test]
fn an_emergency_given_up_and_ended_costs_no_frame_for_zones_that_never_left() {
    let zones = [(1, "电工"), (2, "09:30")];
    let mut bench = Bench::open(&[1]);
    bench.compose(1, &zones, Urgency::Ordinary);
    bench.run(ms(3_000));
    bench
        .card(1)
        .misbehave(Misbehaviour::Refuse(AnswerCode::FlashFault));
    bench.compose(1, &[(0, EMERGENCY)], Urgency::Emergency);
    bench.run(ms(3_000));
    let before = bench.sent_texts().len();
    bench.compose(1, &zones, Urgency::Prompt);
    bench.run(ms(3_000));
    assert_eq!(bench.sent_texts().len(), before);
    assert_eq!(glass(&bench).len(), 2);
}

#[test]
fn what_may_not_be_seen_any_longer_goes_although_what_takes_its_place_is_refused() {
    let mut bench = Bench::open(&[1]);
    bench.compose(1, &[(1, "已招满"), (2, "09:30")], Urgency::Ordinary);
    bench.run(ms(3_000));
    bench
        .card(1)
        .misbehave(Misbehaviour::Refuse(AnswerCode::OutOfMemory));
    bench.compose(1, &[(1, "焊工"), (2, "09:30")], Urgency::Prompt);
    bench.run(ms(3_000));
    assert_eq!(glass(&bench), [(2, r"\FO000\FE000\C109:30".to_owned())]);
}
