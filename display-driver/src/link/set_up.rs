//! Brightness and timer of a card: sent when it is found, again when it comes back, and out of the way
//! of an emergency.

use super::bench::{Bench, id, ms};
use super::{Brightness, Input, LinkEvent, Order, SetUp, Urgency};
use crate::codec::{Ask, LitPeriod};
use crate::virtual_board::Misbehaviour;

fn set_up() -> SetUp {
    let mut levels = Box::new([4; 48]);
    levels[16..37].fill(12);
    SetUp {
        brightness: Some(Brightness::HalfHours(levels)),
        timer: Some(vec![LitPeriod {
            on: (7, 30),
            off: (18, 30),
        }]),
    }
}

fn ordered(set_up: SetUp) -> Bench {
    let mut bench = Bench::new(&[1]);
    bench.feed(Input::Submit {
        board: id(1),
        order: Order::SetUp(set_up),
    });
    bench.feed(Input::PortOpened);
    bench.run(ms(1_000));
    bench
}

fn settings_sent(bench: &Bench) -> usize {
    let is_setting = |ask: &Ask| {
        matches!(
            ask,
            Ask::SetBrightness(_)
                | Ask::SetBrightnessByHalfHours(_)
                | Ask::SetLitPeriods(_)
                | Ask::CancelLitPeriods
                | Ask::PowerOn
        )
    };
    let sent = bench.times(|event| matches!(event, LinkEvent::Sent { ask, .. } if is_setting(ask)));
    sent.len()
}

/// Whether it is lit, and how bright.
fn seen(bench: &Bench) -> (bool, u8) {
    let state = bench.cards[&1].state(bench.now);
    (state.is_on, state.brightness)
}

#[test]
fn a_card_is_set_up_when_it_is_found_and_when_it_comes_back() {
    // The bench begins at midnight.
    let mut bench = ordered(set_up());
    assert_eq!(seen(&bench), (false, 4));
    bench.run(ms(9 * 3_600_000));
    assert_eq!(seen(&bench), (true, 12));
    assert_eq!(settings_sent(&bench), 2, "once, as long as it answers");
    for _ in 0..3 {
        bench.card(1).misbehave(Misbehaviour::IgnoreSilently);
    }
    bench.run(ms(120_000));
    assert_eq!(settings_sent(&bench), 4, "found again");
}

#[test]
fn what_is_not_written_is_left_alone_and_another_level_is_sent_at_once() {
    let mut bench = ordered(SetUp::default());
    assert_eq!((settings_sent(&bench), seen(&bench)), (0, (true, 15)));
    bench.feed(Input::Submit {
        board: id(1),
        order: Order::SetUp(SetUp {
            brightness: Some(Brightness::Level(3)),
            timer: None,
        }),
    });
    bench.run(ms(500));
    assert_eq!((settings_sent(&bench), seen(&bench)), (1, (true, 3)));
}

#[test]
fn an_emergency_lights_a_board_that_its_timer_keeps_dark_and_the_timer_comes_back() {
    let mut bench = ordered(set_up());
    assert!(!seen(&bench).0, "it is night");
    bench.compose(1, &[(0, "请立即疏散")], Urgency::Emergency);
    bench.run(ms(400));
    assert!(seen(&bench).0);
    // A power cut, or a driver that starts again, changes nothing of that.
    bench.feed(Input::PortLost);
    bench.inbound.clear();
    bench.feed(Input::PortOpened);
    bench.run(ms(3_000));
    assert!(seen(&bench).0);
    bench.compose(1, &[(0, "岗位")], Urgency::Prompt);
    bench.run(ms(2_000));
    assert!(!seen(&bench).0);
}

#[test]
fn a_dark_board_is_lit_for_its_emergency_before_the_calls_of_all_others() {
    let mut bench = Bench::new(&[1, 2, 3, 4]);
    bench.feed(Input::Submit {
        board: id(1),
        order: Order::SetUp(set_up()),
    });
    bench.feed(Input::PortOpened);
    bench.run(ms(4_000));
    assert!(!seen(&bench).0, "it is night");
    for address in 2..=4 {
        bench.show(address, "A025", Urgency::Urgent);
    }
    bench.run(ms(5));
    let given = bench.now;
    bench.compose(1, &[(0, "请立即疏散")], Urgency::Emergency);
    bench.run(ms(2_000));
    let since = bench.events.iter().filter(|(at, _)| *at > given);
    let sent = since.filter_map(|(_, event)| match event {
        LinkEvent::Sent { ask, .. } => Some(ask),
        _ => None,
    });
    let sent: Vec<&Ask> = sent.collect();
    assert!(sent[0].shown().is_some(), "{sent:?}");
    assert_eq!(sent[1..3], [&Ask::CancelLitPeriods, &Ask::PowerOn]);
    assert_eq!(
        sent.len(),
        3 + 2,
        "then the calls that still wait: {sent:?}"
    );
}

#[test]
fn a_call_does_not_light_a_board_at_night() {
    let mut bench = ordered(set_up());
    bench.compose(1, &[(0, "A025")], Urgency::Urgent);
    bench.run(ms(2_000));
    assert!(!seen(&bench).0);
}
