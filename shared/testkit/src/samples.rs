//! One value of everything that crosses the wire, with fixed ids, days and times: what golden files
//! are made of and what mutants descend from.
//!
//! A sample is never changed once its golden file is released; a new kind of event gets a new line
//! in [`events`], and a test fails as long as it has none.

mod answers;
mod cases;
mod documents;
mod events;
mod feed;
mod outreach;
mod parameters;
mod persons;
mod requests;

use chrono::NaiveDate;
use domain::id::DeviceId;
use domain::time::{BusinessDate, UtcMs};
use uuid::Uuid;
use wire::envelope::{self, ChainHead, Draft, EventHash};
use wire::event::Event;
use wire::sign::DeviceKey;

pub use answers::answers;
pub use events::events;
pub use feed::{feed_pages, feed_rows};
pub use persons::{ID_NUMBER, sealed_texts};
pub use requests::{push, relay, requests, tails};

/// The time of every sample: 2026-11-23 09:30:00.123 on the hall's clock.
pub const AT: UtcMs = UtcMs(1_795_397_400_123);

/// A UUIDv7 that ends in `last`.
#[must_use]
pub fn id(last: u8) -> Uuid {
    Uuid::from_u128(0x019a_ae4d_1b00_7000_8000_0000_0000_0000 | u128::from(last))
}

/// The business day of every sample.
#[must_use]
pub fn day() -> BusinessDate {
    BusinessDate(NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day, because November has 30"))
}

/// The device that wrote the samples.
#[must_use]
pub fn writer() -> DeviceId {
    DeviceId(id(1))
}

/// The key of the device that wrote the samples.
#[must_use]
pub fn key() -> DeviceKey {
    DeviceKey::from_bytes(&[7; 32])
}

/// What the samples' events follow.
pub const HEAD: ChainHead = ChainHead {
    seq: 41,
    hash: EventHash([0x5a; 32]),
};

/// The canonical text of an event at [`AT`], after [`HEAD`].
#[must_use]
pub fn canonical(event: &Event) -> String {
    let draft = Draft {
        writer: writer(),
        at: AT,
        kind: event.kind(),
        body: &event.body(),
    };
    envelope::write(&draft, HEAD)
}
