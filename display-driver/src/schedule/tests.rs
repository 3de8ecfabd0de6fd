//! What goes before what, and what comes back where it was.

use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;
use wire::event::Aired;

use super::*;
use crate::content::{AreaRect, BoardId, Colour, Line, Motion};
use crate::link::Order;
use crate::page::{Origin, emergency};
use crate::playlist::{ZonePages, ZonePlan};

pub(super) fn at(seconds: u64) -> Moment {
    let day = NaiveDate::from_ymd_opt(2026, 3, 9).expect("a date");
    let start = day.and_hms_opt(9, 0, 0).expect("a time");
    Moment {
        since_start: Duration::from_secs(seconds),
        wall: start + TimeDelta::seconds(i64::try_from(seconds).expect("a short time")),
    }
}

/// A board of these zones, each as high and with that many dots from the top; the second may take
/// calls.
pub(super) fn plan(zones: &[(u16, u16)], call_zone: Option<usize>) -> BoardPlan {
    let height_px = zones
        .iter()
        .map(|(top, height)| top + height)
        .max()
        .unwrap_or(0);
    let zone = |(number, &(y_px, height_px)): (usize, &(u16, u16))| ZonePlan {
        rect: AreaRect {
            x_px: 0,
            y_px,
            width_px: 192,
            height_px,
        },
        takes_calls: call_zone == Some(number),
        items: Vec::new(),
    };
    BoardPlan {
        id: BoardId("LED-01".to_owned()),
        layout: BoardLayout {
            width_px: 192,
            height_px,
        },
        window: None,
        takes_calls: true,
        zones: zones.iter().enumerate().map(zone).collect(),
        lit: None,
        limit: crate::page::PageLimit::NONE,
    }
}

/// A page of one word that airs itself.
pub(super) fn page(frame: &Frame, word: &str) -> Page {
    let mut page = Page::largest(frame, vec![Line::of(Colour::Amber, word)]);
    page.origin = Origin {
        item: 0,
        key: word.to_owned(),
        number: 0,
    };
    page.airs = vec![Airs {
        aired: Aired::Notice {
            id: word.to_owned(),
        },
        text: word.to_owned(),
    }];
    page
}

pub(super) fn zone_pages(frame: &Frame, notices: &[&str], programme: &[&str]) -> ZonePages {
    let pages = |words: &[&str]| words.iter().map(|word| page(frame, word)).collect();
    ZonePages {
        notices: pages(notices),
        programme: pages(programme),
    }
}

fn composition(plan: &BoardPlan, words: &[&str]) -> Composition {
    let zones = 0..plan.zones.len();
    Composition {
        emergency: Vec::new(),
        zones: zones
            .map(|zone| zone_pages(&plan.frame(zone), &[], words))
            .collect(),
        is_lit: true,
    }
}

pub(super) fn call(ticket: &str) -> Call {
    Call {
        ticket_label: ticket.to_owned(),
        window_no: 3,
    }
}

/// One zone that is the whole board.
fn one_zone() -> (BoardPlan, Schedule) {
    let plan = plan(&[(0, 32)], None);
    let mut schedule = Schedule::new(&plan, ScheduleSettings::default());
    schedule.play(composition(&plan, &["电工", "焊工", "钳工"]));
    (plan, schedule)
}

fn text(schedule: &mut Schedule, seconds: u64) -> String {
    let scene = schedule.show(at(seconds));
    let texts: Vec<String> = scene.values().map(|shown| shown.content.text()).collect();
    texts.join("|")
}

#[test]
fn the_programme_turns_after_its_dwell_and_begins_again() {
    let (_, mut schedule) = one_zone();
    let seen = [0, 8, 16, 24, 31].map(|seconds| text(&mut schedule, seconds));
    assert_eq!(seen, ["电工", "焊工", "钳工", "电工", "电工"]);
}

#[test]
fn a_call_interrupts_and_the_page_it_displaced_comes_back_with_its_whole_time() {
    let (_, mut schedule) = one_zone();
    text(&mut schedule, 0);
    assert_eq!(text(&mut schedule, 8), "焊工");
    schedule.call(call("A025"), at(10));
    assert_eq!(text(&mut schedule, 10), "请 A025 号\n到 3 号窗口");
    assert_eq!(text(&mut schedule, 24), "请 A025 号\n到 3 号窗口");
    let seen = [25, 32, 33].map(|seconds| text(&mut schedule, seconds));
    assert_eq!(seen, ["焊工", "焊工", "钳工"]);
}

#[test]
fn a_call_flashes_for_five_seconds_and_again_when_it_is_called_again() {
    let (_, mut schedule) = one_zone();
    let motion = |schedule: &mut Schedule, seconds| {
        let scene = schedule.show(at(seconds));
        let shown = scene.values().next().expect("something to show");
        (shown.layer, shown.content.motion)
    };
    let flashing = (Layer::Call, Motion::Flash);
    let still = (Layer::Call, Motion::Still);
    schedule.call(call("A025"), at(0));
    assert_eq!([0, 4].map(|at| motion(&mut schedule, at)), [flashing; 2]);
    assert!(schedule.next_change(at(4)) <= at(5).since_start);
    assert_eq!([5, 9].map(|at| motion(&mut schedule, at)), [still; 2]);
    schedule.call(call("A025"), at(10));
    assert_eq!([10, 14].map(|at| motion(&mut schedule, at)), [flashing; 2]);
    assert_eq!([15, 24].map(|at| motion(&mut schedule, at)), [still; 2]);
    assert_eq!(motion(&mut schedule, 25).0, Layer::Programme);
}

#[test]
fn calls_follow_each_other_sooner_when_others_wait_and_old_ones_are_dropped() {
    let (plan, mut schedule) = one_zone();
    schedule.call(call("A1"), at(0));
    assert!(text(&mut schedule, 0).contains("A1"));
    schedule.call(call("A2"), at(1));
    assert!(text(&mut schedule, 4).contains("A1"));
    assert!(text(&mut schedule, 5).contains("A2"));
    let words = ["电工", "焊工", "钳工"];
    schedule.play(Composition {
        emergency: emergency(&plan.frame(0), "请离开大厅"),
        ..composition(&plan, &words)
    });
    schedule.call(call("A3"), at(6));
    assert_eq!(text(&mut schedule, 6), "请离开大厅");
    schedule.play(composition(&plan, &words));
    assert_eq!(text(&mut schedule, 80), "电工");
}

#[test]
fn a_ticket_called_again_or_withdrawn_leaves_its_old_place() {
    let (_, mut schedule) = one_zone();
    schedule.call(call("A1"), at(0));
    text(&mut schedule, 0);
    let moved = Call {
        window_no: 5,
        ..call("A1")
    };
    schedule.call(moved, at(1));
    assert_eq!(text(&mut schedule, 1), "请 A1 号\n到 5 号窗口");
    schedule.withdraw("A1");
    assert_eq!(text(&mut schedule, 2), "电工");
}

#[test]
fn a_new_programme_keeps_the_page_on_the_board_and_its_time_though_its_words_change() {
    let (plan, mut schedule) = one_zone();
    text(&mut schedule, 0);
    assert_eq!(text(&mut schedule, 8), "焊工");
    schedule.play(composition(&plan, &["车工", "木工", "焊工"]));
    assert_eq!(text(&mut schedule, 9), "焊工");
    for second in 9..16 {
        // A waiting list or a clock changes every second and must not hold up the others.
        let mut changed = composition(&plan, &["车工", "木工", "焊工"]);
        let words = Line::of(Colour::Amber, second.to_string());
        changed.zones[0].programme[2].content.lines = vec![words];
        schedule.play(changed);
        assert_eq!(text(&mut schedule, second), second.to_string());
    }
    assert_eq!(text(&mut schedule, 16), "车工");
}

#[test]
fn a_call_takes_the_zone_that_is_made_for_calls_and_leaves_the_others_alone() {
    let plan = plan(&[(0, 32), (32, 32)], Some(1));
    let mut schedule = Schedule::new(&plan, ScheduleSettings::default());
    schedule.play(composition(&plan, &["电工", "焊工"]));
    assert_eq!(text(&mut schedule, 0), "电工|电工");
    schedule.call(call("A025"), at(4));
    assert_eq!(text(&mut schedule, 4), "电工|请 A025 号\n到 3 号窗口");
    assert_eq!(text(&mut schedule, 8), "焊工|请 A025 号\n到 3 号窗口");
    assert_eq!(text(&mut schedule, 16), "电工|请 A025 号\n到 3 号窗口");
    let seen = [19, 24, 26, 27].map(|seconds| text(&mut schedule, seconds));
    let back = ["电工|电工", "焊工|电工", "焊工|电工", "焊工|焊工"];
    assert_eq!(seen, back, "with its whole time");
}

#[test]
fn without_such_a_zone_a_call_takes_the_whole_board_and_all_zones_come_back() {
    let plan = plan(&[(0, 32), (32, 16)], None);
    let mut schedule = Schedule::new(&plan, ScheduleSettings::default());
    schedule.play(composition(&plan, &["电工", "焊工"]));
    text(&mut schedule, 0);
    schedule.call(call("A025"), at(7));
    let scene = schedule.show(at(7));
    assert_eq!(scene.keys().collect::<Vec<_>>(), [&AreaId(0)]);
    assert_eq!(text(&mut schedule, 22), "电工|电工");
    assert_eq!(text(&mut schedule, 29), "电工|电工");
    assert_eq!(text(&mut schedule, 30), "焊工|焊工");
}

#[test]
fn a_notice_takes_its_own_zone_only() {
    let plan = plan(&[(0, 32), (32, 16)], None);
    let mut schedule = Schedule::new(&plan, ScheduleSettings::default());
    let mut noticed = composition(&plan, &["电工", "焊工"]);
    noticed.zones[1] = zone_pages(&plan.frame(1), &["停电", "改天"], &["电工"]);
    schedule.play(noticed);
    assert_eq!(text(&mut schedule, 0), "电工|停电");
    assert_eq!(text(&mut schedule, 8), "焊工|改天");
    schedule.play(composition(&plan, &["电工", "焊工"]));
    assert_eq!(text(&mut schedule, 9), "焊工|电工");
}

#[test]
fn a_dark_board_shows_no_call_but_an_emergency() {
    let (plan, mut schedule) = one_zone();
    let dark = Composition {
        zones: vec![ZonePages::default()],
        ..Composition::default()
    };
    schedule.play(dark.clone());
    schedule.call(call("A025"), at(0));
    assert_eq!(schedule.show(at(0)), Scene::new());
    schedule.play(Composition {
        emergency: emergency(&plan.frame(0), "请离开"),
        ..dark
    });
    assert_eq!(text(&mut schedule, 1), "请离开");
}

#[test]
fn only_changes_are_ordered_and_what_must_be_gone_is_replaced_promptly() {
    let (plan, schedule) = one_zone();
    let mut runner = BoardRunner::new(BoardId("b1".to_owned()), schedule);
    let urgency = |order: Option<Order>| match order {
        Some(Order::Compose(contents)) => contents.first().map(|(_, urgency)| *urgency),
        _ => None,
    };
    assert_eq!(urgency(runner.advance(at(0))), Some(Urgency::Ordinary));
    assert_eq!(runner.advance(at(1)), None);
    runner.schedule.play(composition(&plan, &["焊工", "钳工"]));
    assert_eq!(
        urgency(runner.advance(at(2))),
        Some(Urgency::Prompt),
        "withdrawn"
    );
    assert_eq!(
        urgency(runner.advance(at(10))),
        Some(Urgency::Ordinary),
        "turned"
    );
    runner.schedule.call(call("A025"), at(11));
    assert_eq!(urgency(runner.advance(at(11))), Some(Urgency::Urgent));
    assert_eq!(
        urgency(runner.advance(at(26))),
        Some(Urgency::Prompt),
        "the call is over"
    );
    runner.schedule.play(composition(&plan, &[]));
    assert_eq!(runner.advance(at(27)), Some(Order::Compose(Vec::new())));
    assert_eq!(runner.advance(at(28)), None);
}

proptest! {
    #[test]
    fn an_emergency_is_before_everything_in_any_order_of_events(
        events in proptest::collection::vec((0u8..5, 0u64..30), 1..40),
    ) {
        let (plan, mut schedule) = one_zone();
        let mut seconds = 0;
        let mut is_emergency = false;
        for (event, pause) in events {
            seconds += pause;
            match event {
                0 => schedule.call(call("A1"), at(seconds)),
                1 => schedule.call(call("B2"), at(seconds)),
                2 | 3 => {
                    is_emergency = event == 2;
                    let mut played = composition(&plan, &["电工"]);
                    if is_emergency {
                        played.emergency = emergency(&plan.frame(0), "请离开");
                    }
                    schedule.play(played);
                }
                _ => schedule.withdraw("A1"),
            }
            let scene = schedule.show(at(seconds));
            let layer = scene.values().next().map(|shown| shown.layer);
            prop_assert_eq!(layer == Some(Layer::Emergency), is_emergency);
            prop_assert!(schedule.next_change(at(seconds)) > at(seconds).since_start);
        }
    }
}
