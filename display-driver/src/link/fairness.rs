//! An emergency goes before everything, whatever else the bus is busy with.

use super::bench::{Bench, ms};
use super::{LinkEvent, Urgency};
use crate::codec::Ask;
use crate::codec::onbon_k::answer::AnswerCode;
use crate::virtual_board::Misbehaviour;

const BOARDS: u16 = 8;
const EMERGENCY: &str = "请立即疏散";

#[test]
fn an_emergency_is_the_next_frame_and_reaches_all_boards_within_one_transaction_each() {
    let addresses: Vec<u16> = (1..=BOARDS).collect();
    // Whatever the moment: while frames are repeated at once, after pauses, and at rest.
    for delay_ms in (0..1_500).step_by(37) {
        let mut bench = Bench::open(&addresses);
        bench.run(ms(1_000));
        for &address in &addresses {
            bench.show(address, "岗位", Urgency::Ordinary);
        }
        for address in [2, 5] {
            bench
                .card(address)
                .misbehave(Misbehaviour::Refuse(AnswerCode::Busy));
            bench
                .card(address)
                .misbehave(Misbehaviour::Refuse(AnswerCode::FrameCheckWrong));
        }
        bench.run(ms(delay_ms));
        let given = bench.now;
        for &address in &addresses {
            bench.show(address, EMERGENCY, Urgency::Emergency);
        }
        bench.run(ms(3_000));
        let begun: Vec<_> = bench
            .events
            .iter()
            .filter(|(at, event)| *at > given && matches!(event, LinkEvent::Sent { .. }))
            .collect();
        let is_emergency = |event: &LinkEvent| matches!(event, LinkEvent::Sent { ask: Ask::Show(content), .. } if content.text() == EMERGENCY);
        // Boards that took a text less than a second ago, or asked for a pause, get it when that is
        // over; no other frame goes before one that may go.
        let first = begun.iter().position(|(_, event)| is_emergency(event));
        let texts_before = begun.iter().take(first.unwrap_or(begun.len()));
        assert_eq!(texts_before.count(), 0, "{delay_ms}: {begun:?}");
        // One transaction: 110 bytes and an acknowledge of 30 at 57,600 baud, with the gap.
        let transaction = ms(30);
        let vendor_limit = ms(1_000);
        for &address in &addresses {
            let confirmed = bench.times(|event| {
                matches!(event, LinkEvent::Confirmed { board, ask: Ask::Show(content) }
                    if *board == super::bench::id(address) && content.text() == EMERGENCY)
            });
            let bound = given + vendor_limit + transaction * (u32::from(BOARDS) + 3);
            assert!(
                confirmed.first().is_some_and(|at| *at <= bound),
                "{delay_ms}: {address}"
            );
        }
    }
}

#[test]
fn boards_that_have_rested_get_an_emergency_within_one_transaction_each() {
    let addresses: Vec<u16> = (1..=BOARDS).collect();
    let mut bench = Bench::open(&addresses);
    for &address in &addresses {
        bench.show(address, "岗位", Urgency::Ordinary);
    }
    bench.run(ms(3_000));
    // A board that answers no more is being repeated, and one has a new ordinary text.
    for _ in 0..9 {
        bench.card(8).misbehave(Misbehaviour::IgnoreSilently);
    }
    bench.show(8, "一", Urgency::Ordinary);
    bench.show(7, "二", Urgency::Ordinary);
    bench.run(ms(50));
    let given = bench.now;
    for &address in &addresses[..6] {
        bench.show(address, EMERGENCY, Urgency::Emergency);
    }
    bench.run(ms(6_000));
    let sent = |event: &LinkEvent| matches!(event, LinkEvent::Sent { ask: Ask::Show(content), .. } if content.text() == EMERGENCY);
    let last = bench.times(sent).last().copied().expect("sent");
    // The one in flight may be the silent board's: its time-out is 2.1 s.
    assert!(last - given <= ms(2_100) + ms(30) * 8, "{:?}", last - given);
    assert_eq!(bench.times(sent).len(), 6);
}
