//! The link against simulated cards on a virtual clock, with a line that takes time.

use super::bench::{Bench, content, id, ms};
use super::{Brightness, FailureReason, Input, LinkEvent, Order, Presence, SetUp, Urgency};
use crate::codec::Ask;
use crate::codec::onbon_k::answer::AnswerCode;
use crate::content::AreaId;
use crate::virtual_board::Misbehaviour;

fn is_offline(event: &LinkEvent) -> bool {
    matches!(event, LinkEvent::BoardOffline { .. })
}

fn is_online(event: &LinkEvent) -> bool {
    matches!(event, LinkEvent::BoardOnline { .. })
}

#[test]
fn a_board_is_greeted_gets_the_clock_its_text_and_is_asked_what_it_holds_and_which_fonts() {
    let mut bench = Bench::open(&[1]);
    bench.show(1, "电工", Urgency::Ordinary);
    bench.run(ms(200));
    let asks: Vec<&Ask> = bench
        .events
        .iter()
        .filter_map(|(_, event)| match event {
            LinkEvent::Confirmed { ask, .. } => Some(ask),
            _ => None,
        })
        .collect();
    assert!(
        matches!(
            asks[..],
            [
                Ask::Ping,
                Ask::SetClock(_),
                Ask::Show(_),
                Ask::QueryStatus,
                Ask::ReadFonts
            ]
        ),
        "{asks:?}"
    );
    assert_eq!(bench.text_on(1).as_deref(), Some("电工"));
    let knowledge = bench.link.knowledge().remove(&id(1)).expect("a board");
    assert_eq!(knowledge.presence, Presence::Online);
    let area = &knowledge.areas[&AreaId(0)];
    assert_eq!(area.confirmed, Some(content("电工")));
    assert_eq!(area.believed, area.confirmed);
}

#[test]
fn of_many_texts_only_the_newest_is_sent_and_never_within_a_second() {
    let mut bench = Bench::open(&[1]);
    bench.run(ms(100));
    for step in 0..20 {
        bench.show(1, &format!("{step}"), Urgency::Ordinary);
        bench.run(ms(100));
    }
    bench.run(ms(2_000));
    let sent = bench.shows_sent();
    assert!(
        sent.windows(2).all(|pair| pair[1] - pair[0] >= ms(1_000)),
        "{sent:?}"
    );
    assert_eq!(sent.len(), 3);
    assert_eq!(bench.text_on(1).as_deref(), Some("19"));
}

#[test]
fn the_same_text_is_not_sent_twice() {
    let mut bench = Bench::open(&[1]);
    for _ in 0..5 {
        bench.show(1, "电工", Urgency::Ordinary);
        bench.run(ms(1_500));
    }
    assert_eq!(bench.sent_texts(), ["电工"]);
}

#[test]
fn a_call_goes_before_the_texts_of_all_other_boards() {
    let addresses: Vec<u16> = (1..=9).collect();
    let mut bench = Bench::open(&addresses);
    bench.run(ms(1_000));
    for &address in &addresses[..8] {
        bench.show(address, "岗位", Urgency::Ordinary);
    }
    bench.show(9, "A025", Urgency::Urgent);
    bench.run(ms(1_000));
    assert_eq!(
        bench.sent_texts()[..2],
        ["岗位", "A025"],
        "only the frame on the wire is before it"
    );
    assert_eq!(bench.sent_texts().len(), 9);
}

#[test]
fn a_dead_board_costs_three_time_outs_and_the_others_go_on() {
    let mut bench = Bench::open(&[1, 2]);
    bench.run(ms(500));
    for _ in 0..100 {
        bench.card(1).misbehave(Misbehaviour::IgnoreSilently);
    }
    bench.show(1, "一", Urgency::Ordinary);
    bench.show(2, "二", Urgency::Ordinary);
    bench.run(ms(5_000));
    assert_eq!(
        bench.text_on(2).as_deref(),
        Some("二"),
        "before the dead board is given up"
    );
    bench.run(ms(5_000));
    assert_eq!(bench.failures(), [FailureReason::NoAnswer]);
    assert_eq!(bench.times(is_offline).len(), 1);
    assert_eq!(bench.link.faults().timeouts, 3);
    bench.run(ms(61_000));
    assert_eq!(
        bench.link.faults().timeouts,
        5,
        "probed once in thirty seconds"
    );
    assert_eq!(bench.times(is_offline).len(), 1, "said once");
}

#[test]
fn a_board_that_returns_gets_the_clock_and_its_current_text() {
    let mut bench = Bench::open(&[1]);
    bench.show(1, "旧", Urgency::Ordinary);
    bench.run(ms(500));
    for _ in 0..3 {
        bench.card(1).misbehave(Misbehaviour::IgnoreSilently);
    }
    bench.show(1, "中", Urgency::Ordinary);
    bench.run(ms(9_000));
    assert_eq!(bench.times(is_offline).len(), 1);
    bench.show(1, "新", Urgency::Ordinary);
    bench.card(1).cut_power();
    bench.run(ms(40_000));
    assert_eq!(bench.times(is_online).len(), 2);
    assert_eq!(bench.text_on(1).as_deref(), Some("新"));
    assert_eq!(bench.sent_texts(), ["旧", "中", "中", "中", "新"]);
}

#[test]
fn a_short_power_cut_is_noticed_by_the_status_and_mended() {
    let mut bench = Bench::open(&[1]);
    bench.show(1, "电工", Urgency::Ordinary);
    bench.run(ms(500));
    bench.card(1).cut_power();
    assert_eq!(bench.text_on(1), None);
    bench.run(ms(31_000));
    assert_eq!(bench.text_on(1).as_deref(), Some("电工"));
    assert_eq!(bench.link.faults().lost_areas, 1);
    assert!(bench.times(is_offline).is_empty());
}

#[test]
fn busy_is_tried_again_after_growing_pauses_and_a_wrong_check_at_once() {
    for (code, at_least, at_most) in [
        (AnswerCode::Busy, ms(1_400), ms(1_600)),
        (AnswerCode::FrameCheckWrong, ms(0), ms(200)),
    ] {
        let mut bench = Bench::open(&[1]);
        bench.run(ms(500));
        for _ in 0..10 {
            bench.card(1).misbehave(Misbehaviour::Refuse(code));
        }
        bench.show(1, "电工", Urgency::Ordinary);
        bench.run(at_least);
        assert!(
            bench.failures().is_empty(),
            "{code:?} has not been given up yet"
        );
        bench.run(at_most - at_least);
        assert_eq!(bench.sent_texts().len(), 4, "{code:?}");
        assert!(matches!(bench.failures()[..], [FailureReason::Refused(_)]));
        assert_eq!(bench.link.faults().refusals[&code.byte()], 4);
    }
}

#[test]
fn busy_once_is_only_a_delay() {
    let mut bench = Bench::open(&[1]);
    bench.run(ms(500));
    bench
        .card(1)
        .misbehave(Misbehaviour::Refuse(AnswerCode::Busy));
    bench.show(1, "电工", Urgency::Ordinary);
    bench.run(ms(2_000));
    assert_eq!(bench.text_on(1).as_deref(), Some("电工"));
    assert!(bench.failures().is_empty());
}

#[test]
fn every_permanent_refusal_is_reported_once_and_not_repeated() {
    let permanent = (1..=20).filter(|code| !matches!(code, 3 | 5));
    for code in permanent {
        let mut bench = Bench::open(&[1]);
        bench.run(ms(500));
        bench
            .card(1)
            .misbehave(Misbehaviour::Refuse(AnswerCode::from_byte(code)));
        bench.show(1, "电工", Urgency::Ordinary);
        bench.run(ms(10_000));
        assert_eq!(bench.sent_texts().len(), 1, "code {code}");
        assert!(
            matches!(bench.failures()[..], [FailureReason::Refused(refusal)] if refusal.code == code)
        );
        bench.show(1, "焊工", Urgency::Ordinary);
        bench.run(ms(2_000));
        assert_eq!(
            bench.text_on(1).as_deref(),
            Some("焊工"),
            "a new text is tried"
        );
    }
}

#[test]
fn a_lost_and_a_broken_answer_are_sent_again() {
    for fault in [Misbehaviour::LoseAnswer, Misbehaviour::GarbleAnswer] {
        let mut bench = Bench::open(&[1]);
        bench.run(ms(500));
        bench.card(1).misbehave(fault);
        bench.show(1, "电工", Urgency::Ordinary);
        bench.run(ms(1_000));
        let knowledge = bench.link.knowledge().remove(&id(1)).expect("a board");
        let area = &knowledge.areas[&AreaId(0)];
        assert_eq!(area.believed, Some(content("电工")));
        bench.run(ms(3_000));
        assert_eq!(bench.sent_texts().len(), 2, "{fault:?}");
        assert!(bench.failures().is_empty());
    }
}

#[test]
fn an_adapter_that_echoes_does_no_harm() {
    let mut bench = Bench::new(&[1]);
    bench.echoes = true;
    bench.feed(Input::PortOpened);
    bench.show(1, "电工", Urgency::Ordinary);
    bench.run(ms(500));
    assert_eq!(bench.text_on(1).as_deref(), Some("电工"));
    assert_eq!(bench.link.faults().echoes, 5);
    assert_eq!(bench.link.faults().strays, 0);
}

#[test]
fn an_answer_from_another_address_or_too_late_is_a_stray() {
    let mut bench = Bench::open(&[1]);
    bench.run(ms(500));
    let ack = |src: u16| {
        let header = serde_json::json!({"src": src});
        crate::codec::onbon_k::document::encode("ack", &serde_json::Value::Null, &header)
            .expect("a good reply")
    };
    bench.feed(Input::Received(ack(1)));
    for _ in 0..3 {
        bench.card(1).misbehave(Misbehaviour::IgnoreSilently);
    }
    bench.show(1, "电工", Urgency::Ordinary);
    bench.feed(Input::Received(ack(2)));
    assert_eq!(bench.link.faults().strays, 2);
    assert!(
        bench
            .times(|event| matches!(
                event,
                LinkEvent::Confirmed {
                    ask: Ask::Show(_),
                    ..
                }
            ))
            .is_empty()
    );
}

#[test]
fn a_lost_port_leaves_the_outcome_unknown_and_a_reopened_one_sends_everything_again() {
    let mut bench = Bench::open(&[1]);
    bench.run(ms(500));
    bench.show(1, "电工", Urgency::Ordinary);
    bench.feed(Input::PortLost);
    bench.inbound.clear();
    assert_eq!(bench.failures(), [FailureReason::PortLost]);
    assert_eq!(bench.times(is_offline).len(), 1);
    bench.show(1, "焊工", Urgency::Ordinary);
    bench.run(ms(5_000));
    assert_eq!(bench.sent_texts().len(), 1, "nothing goes to a closed port");
    bench.feed(Input::PortOpened);
    bench.run(ms(500));
    assert_eq!(bench.text_on(1).as_deref(), Some("焊工"));
}

#[test]
fn a_text_too_long_for_the_card_fails_without_touching_the_line() {
    let mut bench = Bench::open(&[1]);
    bench.run(ms(500));
    bench.show(1, &"字".repeat(300), Urgency::Ordinary);
    bench.run(ms(500));
    assert!(matches!(
        bench.failures()[..],
        [FailureReason::Unsendable(_)]
    ));
    assert!(bench.sent_texts().is_empty());
}

#[test]
fn settings_of_one_kind_replace_each_other_and_are_carried_out() {
    let mut bench = Bench::open(&[1]);
    for level in 0..10 {
        let order = Order::SetUp(SetUp {
            brightness: Some(Brightness::Level(level)),
            timer: Some(Vec::new()),
        });
        bench.feed(Input::Submit {
            board: id(1),
            order,
        });
    }
    bench.run(ms(500));
    let state = bench.cards[&1].state(bench.now);
    assert_eq!((state.brightness, state.is_on), (9, true));
    assert_eq!(bench.link.faults().dropped_orders, 0);
}

#[test]
fn removing_an_area_takes_it_off_the_board() {
    let mut bench = Bench::open(&[1]);
    bench.show(1, "电工", Urgency::Ordinary);
    bench.run(ms(500));
    bench.feed(Input::Submit {
        board: id(1),
        order: Order::Remove(AreaId(0)),
    });
    bench.run(ms(2_000));
    assert_eq!(bench.text_on(1), None);
    assert!(bench.link.knowledge()[&id(1)].areas.is_empty());
}
