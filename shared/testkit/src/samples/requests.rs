//! What devices and hall nodes send.

use domain::id::DeviceId;
use domain::queue::{PriorityKind, SecretHash, Wish};
use domain::rating::TicketSecret;
use serde::Serialize;
use serde_json::{Value, to_value};
use wire::api::{EnrolRequest, FindVisit, HelpAnswer, HelpState, Push, ScreenState, TakeNumber};
use wire::envelope::{ChainHead, EventHash};
use wire::event::Origin;
use wire::relay::{ChainTail, Relay, SignedTail, Tails};
use wire::status::{DeviceStatus, LogCondition, RotateKey};

use super::events::{group, label, ticket};
use super::{AT, HEAD, canonical, events, id, key};

fn head_of(canonical: &str) -> ChainHead {
    ChainHead {
        seq: HEAD.seq + 1,
        hash: EventHash::of(canonical),
    }
}

/// A push of one event.
#[must_use]
pub fn push() -> Push {
    let event = canonical(&events()[0]);
    let head = head_of(&event);
    Push {
        tail_signature: key().sign_tail(DeviceId(id(1)), head),
        events: vec![event],
        device_time: AT,
        clock_since_seq: 40,
    }
}

fn chain_tail() -> ChainTail {
    ChainTail {
        writer: DeviceId(id(1)),
        head: head_of(&canonical(&events()[0])),
    }
}

/// Heads of one chain.
#[must_use]
pub fn tails() -> Tails {
    Tails {
        tails: vec![chain_tail()],
    }
}

/// A relay of one event.
#[must_use]
pub fn relay() -> Relay {
    let tail = chain_tail();
    Relay {
        events: vec![canonical(&events()[0])],
        tails: vec![SignedTail {
            tail,
            signature: key().sign_tail(tail.writer, tail.head),
        }],
    }
}

fn json(value: impl Serialize) -> Value {
    to_value(value).expect("JSON, because the keys of requests are strings")
}

/// One of every request of a device that is neither a push nor a relay, as JSON.
#[must_use]
pub fn requests() -> Vec<Value> {
    vec![
        json(EnrolRequest {
            code: "ABCD-EFGH".to_owned(),
            public_key: key().public(),
        }),
        json(TakeNumber {
            ticket: ticket(),
            group: group(),
            priority: Some(PriorityKind::WithChild),
            wish: Wish {
                matter: Some("求职登记".to_owned()),
                ..Wish::default()
            },
            token_hash: SecretHash([1; 32]),
            code_hash: SecretHash([2; 32]),
            origin: Origin::Touch,
        }),
        json(FindVisit {
            label: label(),
            code: TicketSecret("0042".to_owned()),
        }),
        json(HelpAnswer {
            session: 3,
            state: HelpState::Active,
        }),
        json(ScreenState {
            screen: "job_search".to_owned(),
            in_use: true,
            backlog: 2,
            confirmed: false,
        }),
        json(DeviceStatus {
            program: "kiosk".to_owned(),
            version: "0.1.0".to_owned(),
            backlog: 3,
            oldest_at: Some(AT),
            log: LogCondition::NearlyFull,
            device_time: AT,
            faults: Vec::new(),
        }),
        json(RotateKey {
            public_key: key().public(),
            tail: HEAD,
            signature: key().sign_tail(DeviceId(id(1)), HEAD),
        }),
    ]
}
