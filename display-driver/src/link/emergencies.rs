//! An emergency for some boards goes before the calls of all the others on its bus.

use super::bench::{Bench, id, ms};
use super::{LinkEvent, Urgency};
use crate::codec::Ask;

const BOARDS: u16 = 8;
const EMERGENCY: &str = "请立即疏散";
/// 110 bytes and an acknowledge of 30 at 57,600 baud, with the gap.
const TRANSACTION_MS: u64 = 30;

fn texts_begun_since(bench: &Bench, from: std::time::Duration) -> Vec<String> {
    let begun = bench.events.iter().filter(|(at, _)| *at > from);
    let texts = begun.filter_map(|(_, event)| match event {
        LinkEvent::Sent { ask, .. } => ask.shown().map(crate::content::AreaContent::text),
        _ => None,
    });
    texts.collect()
}

/// Boards that have rested.
fn rested() -> Bench {
    let addresses: Vec<u16> = (1..=BOARDS).collect();
    let mut bench = Bench::open(&addresses);
    bench.run(ms(3_000));
    bench
}

#[test]
fn an_emergency_for_two_boards_passes_the_calls_that_already_wait_for_the_others() {
    let mut bench = rested();
    for address in 1..=BOARDS {
        bench.show(address, &format!("A{address:03}"), Urgency::Urgent);
    }
    bench.run(ms(5));
    let given = bench.now;
    for address in [3, 8] {
        bench.show(address, EMERGENCY, Urgency::Emergency);
    }
    bench.run(ms(2_000));
    let begun = texts_begun_since(&bench, given);
    assert_eq!(begun[..2], [EMERGENCY, EMERGENCY], "{begun:?}");
    assert_eq!(
        begun.len(),
        2 + 5,
        "then the calls that still wait: {begun:?}"
    );
}

#[test]
fn an_emergency_waits_for_the_frame_on_the_wire_only_however_many_calls_come() {
    for address in 1..=BOARDS {
        let mut bench = rested();
        // Calls for the seven others, more than the line carries.
        let mut given = None;
        for round in 0..200_u32 {
            let other = 1 + (u16::try_from(round).expect("a few") % (BOARDS - 1));
            let other = if other >= address { other + 1 } else { other };
            bench.show(other, &format!("B{round:03}"), Urgency::Urgent);
            if round == 100 {
                given = Some(bench.now);
                bench.show(address, EMERGENCY, Urgency::Emergency);
            }
            bench.run(ms(10));
        }
        let given = given.expect("given");
        let confirmed = bench.times(|event| {
            matches!(event, LinkEvent::Confirmed { board, ask: Ask::Show(content) }
                if *board == id(address) && content.text() == EMERGENCY)
        });
        let after = confirmed.first().map(|at| *at - given);
        // One transaction in flight, and its own.
        assert!(
            after.is_some_and(|after| after <= ms(2 * TRANSACTION_MS)),
            "{address}: {after:?}"
        );
    }
}

#[test]
fn an_emergency_for_a_board_not_asked_yet_goes_before_greeting_all_others() {
    let addresses: Vec<u16> = (1..=BOARDS).collect();
    let mut bench = Bench::new(&addresses);
    bench.show(BOARDS, EMERGENCY, Urgency::Emergency);
    bench.show(1, "A001", Urgency::Urgent);
    bench.feed(super::Input::PortOpened);
    bench.run(ms(500));
    let first = bench.events.iter().find_map(|(_, event)| match event {
        LinkEvent::Sent { board, .. } => Some(board.clone()),
        _ => None,
    });
    assert_eq!(first, Some(id(BOARDS)), "greeted first");
    assert_eq!(bench.sent_texts()[0], EMERGENCY);
}
