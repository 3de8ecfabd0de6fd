//! A board that answers nonsense, or a line on which somebody always babbles: the sound boards go on.

use std::time::Duration;

use super::bench::{Bench, id, ms};
use super::{LinkEvent, Presence, Urgency};
use crate::codec::Ask;

/// A whole frame that does not hold, for whatever was asked.
fn nonsense() -> Vec<u8> {
    let mut frame = vec![0xA5; 8];
    frame.extend([0; 30]);
    frame.push(0x5A);
    frame
}

/// Board 1 answers nonsense to everything, always.
fn of_board_one(asked: &[u8]) -> Option<Vec<u8>> {
    (asked.get(8..10) == Some(&[1, 0])).then(nonsense)
}

fn confirmed(bench: &Bench, address: u16, text: &str) -> Option<Duration> {
    let times = bench.times(|event| {
        matches!(event, LinkEvent::Confirmed { board, ask: Ask::Show(content) }
            if *board == id(address) && content.text() == text)
    });
    times.first().copied()
}

#[test]
fn a_board_that_answers_nonsense_is_given_up_and_costs_the_others_little() {
    let mut bench = Bench::new(&[1, 2, 3]);
    bench.instead = Some(of_board_one);
    bench.feed(super::Input::PortOpened);
    bench.show(1, "一", Urgency::Urgent);
    bench.run(ms(10_000));
    let presence = |bench: &Bench, address| bench.link.knowledge()[&id(address)].presence;
    assert_eq!(presence(&bench, 1), Presence::Offline);
    // It has never answered, so nobody knows how long it takes, and a probe waits the whole time-out.
    let bound = ms(2_100 + 60);
    for round in 0..100 {
        let (address, text) = (2 + (round % 2) as u16, format!("A{round:03}"));
        let given = bench.now;
        bench.show(address, &text, Urgency::Urgent);
        bench.run(ms(3_000));
        let after = confirmed(&bench, address, &text).map(|at| at - given);
        assert!(after.is_some_and(|it| it <= bound), "{round}: {after:?}");
    }
    let asked =
        bench.times(|event| matches!(event, LinkEvent::Sent { board, .. } if *board == id(1)));
    // Three times at first, then once in thirty seconds, over 310 seconds.
    assert!(asked.len() <= 3 + 11, "{}", asked.len());
    let faults = bench.link.board_faults();
    assert!(faults[&id(1)].broken_frames() >= 10, "{faults:?}");
    let of_others = [2, 3].map(|address| faults[&id(address)].broken_frames());
    assert_eq!(of_others, [0, 0]);
}

#[test]
fn a_permanent_babbler_beside_a_board_that_thinks_leaves_it_on_line_and_all_its_texts_confirmed() {
    for thinks in [0, 5, 40, 300, 1_500] {
        let mut bench = Bench::new(&[1, 2]);
        // Before anybody answers, and before the board has thought.
        bench.babble = Some(nonsense);
        bench.thinks = ms(thinks);
        bench.feed(super::Input::PortOpened);
        for round in 0..50 {
            let (address, text) = (1 + (round % 2) as u16, format!("A{round:03}"));
            let given = bench.now;
            bench.show(address, &text, Urgency::Urgent);
            bench.run(ms(8_000));
            let after = confirmed(&bench, address, &text).map(|at| at - given);
            // A check of the other board may be under way.
            let bound = ms(2 * (thinks + 100) + 2_100);
            assert!(
                after.is_some_and(|it| it <= bound),
                "{thinks} ms, {round}: {after:?}"
            );
        }
        let gone = bench.times(|event| matches!(event, LinkEvent::BoardOffline { .. }));
        assert_eq!(gone, [], "{thinks} ms");
        let faults = bench.link.faults();
        assert!(faults.broken_frames() >= 50, "{faults:?}");
        assert_eq!(faults.timeouts, 0, "{thinks} ms");
    }
}

#[test]
fn noise_cuts_no_wait_below_twice_the_time_that_a_board_lately_took() {
    let mut bench = Bench::new(&[1]);
    bench.thinks = ms(400);
    bench.feed(super::Input::PortOpened);
    bench.run(ms(5_000));
    // From now on it says nothing, and somebody babbles.
    bench.babble = Some(nonsense);
    for _ in 0..4 {
        bench
            .card(1)
            .misbehave(crate::virtual_board::Misbehaviour::IgnoreSilently);
    }
    bench.show(1, "电工", Urgency::Ordinary);
    bench.run(ms(8_000));
    let sent = bench.shows_sent();
    let pause = sent[1] - sent[0];
    assert!(
        pause >= ms(800 + 100) && pause <= ms(1_100),
        "twice 400 ms and the pause before sending again, not 50 ms and not 2 s: {pause:?}"
    );
}
