//! Bodies of events, and the JSON that devices and servers exchange.

use std::collections::BTreeSet;

use domain::id::HallId;
use domain::queue::{KioskLane, TicketLabel};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use testkit::samples;
use wire::api::Topic;
use wire::envelope;
use wire::event::{BoardReport, BoardReported, Event, RawRow, SearchesTallied, StaffActed};
use wire::relay::{ChainTail, Relay, Tails};
use wire::status::{DeviceStatus, LogCondition};

fn back<T: Serialize + DeserializeOwned>(value: &T) -> T {
    serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()
}

fn stored_and_read(event: &Event) -> Event {
    Event::read(event.kind(), &event.body()).unwrap().unwrap()
}

#[test]
fn every_kind_has_one_sample() {
    let events = samples::events();
    let sampled: BTreeSet<&str> = events.iter().map(Event::kind).collect();
    assert_eq!(sampled, Event::KINDS.iter().copied().collect());
    assert_eq!(events.len(), Event::KINDS.len());
}

#[test]
fn every_event_survives_body_and_canonical_text() {
    for event in samples::events() {
        assert_eq!(stored_and_read(&event), event);
        let text = envelope::read(&samples::canonical(&event)).unwrap();
        assert_eq!(Event::read(&text.kind, &text.body), Ok(Some(event)));
    }
}

#[test]
fn every_body_is_refused_under_every_kind_that_asks_for_more() {
    for kind in Event::KINDS {
        assert!(Event::read(kind, "{}").is_err(), "{kind} reads nothing");
        assert!(Event::read(kind, "").is_err(), "{kind} reads no text");
    }
}

#[test]
fn every_topic_has_a_row_that_is_read_and_a_tombstone_says_nothing() {
    let mut read = BTreeSet::new();
    for row in samples::feed_rows() {
        assert_eq!(back(&row), row);
        let body = row.read_body().unwrap();
        assert_eq!(body.is_none(), row.body.is_none());
        read.extend(body.map(|_| row.topic));
    }
    assert_eq!(read, Topic::ALL.into_iter().collect());
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,30}", "(.|\n|\u{0}|\"|\\\\){0,12}"]
}

fn labels() -> impl Strategy<Value = TicketLabel> {
    let prefix = || prop::char::range('A', 'V');
    let number = || 1..=u16::MAX;
    let assigned =
        (prefix(), number()).prop_map(|(prefix, number)| TicketLabel::Assigned { prefix, number });
    let lane = (prefix(), 1..=99_u8, number()).prop_map(|(prefix, lane, number)| {
        let lane = KioskLane(lane);
        TicketLabel::Lane {
            prefix,
            lane,
            number,
        }
    });
    prop_oneof![assigned, lane]
}

proptest! {
    #[test]
    fn words_of_people_survive_whatever_they_hold(
        text in texts(),
        reason in texts(),
        counts in prop::collection::btree_map(texts(), any::<u32>(), 0..5),
    ) {
        let hall = HallId(samples::id(2));
        let (board, act) = (text.clone(), reason.clone());
        for event in [
            Event::BoardReported(BoardReported {
                hall,
                board,
                report: BoardReport::Failed { text: text.clone(), reason, needs: None },
            }),
            Event::StaffActed(StaffActed { act, reason: text.clone(), subject: text, ..StaffActed::default() }),
            Event::SearchesTallied(SearchesTallied {
                hall,
                searches: counts,
                without_result: 0,
                listings_opened: u32::MAX,
            }),
        ] {
            prop_assert_eq!(stored_and_read(&event), event);
        }
    }

    #[test]
    fn a_raw_row_keeps_its_bytes(cells in prop::collection::btree_map(texts(), texts(), 0..6)) {
        let raw = RawRow(serde_json::to_string(&cells).unwrap());
        let json = serde_json::to_string(&raw).unwrap();
        prop_assert_eq!(&json, &raw.0);
        prop_assert_eq!(back(&raw), raw);
    }

    #[test]
    fn a_printed_number_is_read_back(label in labels()) {
        prop_assert_eq!(label.to_string().parse(), Ok(label.clone()));
        prop_assert_eq!(back(&label), label);
    }

    #[test]
    fn no_lane_is_read_whose_numbers_are_not(lane in any::<u8>(), number in 1..=u16::MAX) {
        let is_lane = serde_json::from_str::<KioskLane>(&lane.to_string()).is_ok();
        let printed = TicketLabel::Lane { prefix: 'A', lane: KioskLane(lane), number }.to_string();
        prop_assert_eq!(printed.parse::<TicketLabel>().is_ok(), is_lane);
        prop_assert!(printed.replace("-K", "-K+").parse::<TicketLabel>().is_err());
    }

    #[test]
    fn tails_survive_and_name_every_chain(
        chains in prop::collection::btree_map(any::<u128>(), (any::<u64>(), any::<[u8; 32]>()), 0..8),
        stranger in any::<u128>(),
    ) {
        let tails = Tails {
            tails: chains.iter().map(|(writer, (seq, hash))| tail(*writer, *seq, *hash)).collect(),
        };
        let read = back(&tails);
        for tail in &tails.tails {
            prop_assert_eq!(read.head_of(tail.writer), tail.head);
        }
        if !chains.contains_key(&stranger) {
            let nobody = tail(stranger, 0, [0; 32]).writer;
            prop_assert_eq!(read.head_of(nobody), envelope::ChainHead::EMPTY);
        }
        prop_assert_eq!(read, tails);
    }

    #[test]
    fn a_relay_keeps_its_texts_to_the_byte(events in prop::collection::vec(texts(), 0..6)) {
        let relay = Relay { events, ..samples::relay() };
        prop_assert_eq!(back(&relay), relay);
    }

    #[test]
    fn a_status_survives(backlog in any::<u64>(), at in any::<i64>(), named in texts()) {
        let at = domain::time::UtcMs(at);
        for log in [
            LogCondition::Good,
            LogCondition::NearlyFull,
            LogCondition::Full,
            LogCondition::Halted,
        ] {
            let status = DeviceStatus {
                program: named.clone(),
                version: named.clone(),
                backlog,
                oldest_at: (backlog > 0).then_some(at),
                log,
                device_time: at,
                faults: Vec::new(),
            };
            prop_assert_eq!(back(&status), status);
        }
    }
}

fn tail(writer: u128, seq: u64, hash: [u8; 32]) -> ChainTail {
    ChainTail {
        writer: domain::id::DeviceId(uuid::Uuid::from_u128(writer)),
        head: envelope::ChainHead {
            seq,
            hash: envelope::EventHash(hash),
        },
    }
}

/// What a program of a later version may add is read over.
#[test]
fn a_field_of_a_later_version_is_read_over_in_every_body() {
    for event in samples::events() {
        let body = event.body();
        let open = body.strip_suffix('}').unwrap();
        let body = format!(r#"{open},"of_a_later_version":[1,{{}}]}}"#);
        assert_eq!(Event::read(event.kind(), &body), Ok(Some(event)));
    }
}
