//! What goes on boards, through the router and the desk of records: from the written text to the
//! feed, withdrawing everything, what boards tell of themselves, and the display record.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveTime;
use domain::case::{Actor, Channel, Command, Role as StaffRole, Value, Values};
use domain::id::{DeviceId, KindId, RecordId, StaffId, StationCode};
use wire::api::{DeviceKind, Notice, NoticeKind, Topic};
use wire::board::{BoardContent, BoardDescription, DailyWindow, Plays, ZoneDescription};
use wire::envelope::{self, Draft};
use wire::event::{BoardsDescribed, DeviceEnrolled, Event};
use wire::sign::DeviceKey;

use super::*;
use crate::cases::{CaseFault, NewCase};

mod board_page;
mod clearing;
mod composing;
mod publishing;

const DAY_MS: i64 = 24 * 3_600_000;

/// Somebody with one role, by a number.
fn actor(who: u128, role: StaffRole) -> Actor {
    Actor {
        staff: Some(StaffId(Uuid::from_u128(who))),
        roles: BTreeSet::from([role]),
        deputy: BTreeMap::new(),
        kin: BTreeSet::new(),
        address: String::new(),
    }
}

fn editor() -> Actor {
    actor(101, StaffRole::LedEditor)
}

fn approver() -> Actor {
    actor(102, StaffRole::LedApprover)
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// A board of 192 by 32 dots in two colours.
fn board(number: &str, name: &str) -> BoardDescription {
    let zone = ZoneDescription {
        x_px: 0,
        y_px: 0,
        width_px: 192,
        height_px: 32,
        plays: vec![Plays::Vacancies, Plays::Notices],
    };
    BoardDescription {
        board: number.to_owned(),
        name: name.to_owned(),
        family: "onbon-k".to_owned(),
        width_px: 192,
        height_px: 32,
        has_green: true,
        window: None,
        limits: Default::default(),
        zones: vec![zone],
    }
}

fn driver() -> DeviceId {
    DeviceId(Uuid::from_u128(60))
}

impl Hall {
    /// Enrols the driver of the hall.
    async fn enrol_driver(&self) {
        let enrolled = DeviceEnrolled {
            device: driver(),
            name: "屏驱动".to_owned(),
            kind: DeviceKind::DisplayDriver,
            hall: hall_id(),
            public_key: DeviceKey::from_bytes(&[7; 32]).public(),
        };
        let event = Event::DeviceEnrolled(enrolled);
        self.app.record(event).await.unwrap();
    }

    /// What the driver writes comes in over its own chain.
    async fn driver_tells(&self, event: Event) {
        let now = self.app.now();
        let store = &self.app.inner.store;
        let received = store.write(move |write| {
            let draft = Draft {
                writer: driver(),
                at: now,
                kind: event.kind(),
                body: &event.body(),
            };
            let text = envelope::write(&draft, write.live().head_of(driver()));
            let envelope = envelope::read(&text).unwrap();
            write.receive(&text, &envelope, Some(&event), now)
        });
        assert!(received.await.unwrap().is_ok());
    }

    async fn driver_describes(&self, boards: Vec<BoardDescription>) {
        let hall = hall_id();
        self.driver_tells(Event::BoardsDescribed(BoardsDescribed { hall, boards }))
            .await;
    }

    async fn open_record<const N: usize>(
        &self,
        kind: &str,
        by: Actor,
        values: [(&str, Value); N],
    ) -> Result<RecordId, CaseFault> {
        let new = NewCase {
            kind: KindId::new(kind).unwrap(),
            channel: Channel::Window,
            station: StationCode::new("YH-C").unwrap(),
            person: None,
            employer: None,
            values: Values::from_iter(values.map(|(id, value)| (id.to_owned(), value))),
            corrects: None,
        };
        self.app.inner.cases.open(new, by, self.app.now()).await
    }

    /// A board in the register of devices.
    async fn register_board(&self, number: &str) -> RecordId {
        let values = [
            ("device_no", text(number)),
            ("kind", Value::Choice("led".to_owned())),
            ("place", text("大厅正面")),
            ("owner_id", Value::Staff(StaffId(Uuid::from_u128(7)))),
            ("bought_on", Value::Date(NOW.hall_date())),
        ];
        let by = actor(103, StaffRole::Tech);
        self.open_record("device", by, values).await.unwrap()
    }

    /// A text for boards from one day to another, counted from today.
    async fn publication(
        &self,
        body: &str,
        screens: &[RecordId],
        days: (i64, i64),
    ) -> Result<RecordId, CaseFault> {
        self.publication_of("notice", body, screens, days).await
    }

    async fn publication_of(
        &self,
        content: &str,
        body: &str,
        screens: &[RecordId],
        (from, to): (i64, i64),
    ) -> Result<RecordId, CaseFault> {
        let today = self.app.now();
        let day = |days: i64| Value::Date(today.plus_ms(days * DAY_MS).hall_date());
        let screens = screens.iter().copied().map(Value::Record);
        let mut values = vec![
            ("content_type", Value::Choice(content.to_owned())),
            ("title", text("周五招聘会")),
            ("body", text(body)),
            ("from_on", day(from)),
            ("to_on", day(to)),
            ("daily_window", text("08:30-17:30")),
            ("priority", Value::Integer(7)),
        ];
        let screens = Value::List(screens.collect());
        if screens != Value::List(Vec::new()) {
            values.push(("screens", screens));
        }
        let new = NewCase {
            kind: KindId::new("led_publication").unwrap(),
            channel: Channel::Window,
            station: StationCode::new("YH-C").unwrap(),
            person: None,
            employer: None,
            values: values
                .into_iter()
                .map(|(id, value)| (id.to_owned(), value))
                .collect(),
            corrects: None,
        };
        let cases = &self.app.inner.cases;
        cases.open(new, editor(), self.app.now()).await
    }

    async fn step(&self, record: RecordId, step: &str, by: Actor) -> Result<(), CaseFault> {
        let cases = &self.app.inner.cases;
        let seen = cases.view(record).await?.record.version;
        let command = Command::step(step);
        cases.act(record, seen, command, by, self.app.now()).await
    }

    async fn state_of(&self, record: RecordId) -> String {
        let view = self.app.inner.cases.view(record).await.unwrap();
        view.record.state
    }

    /// What boards are given to play.
    async fn notices(&self) -> Vec<Notice> {
        self.told(hall_id(), Topic::Notice).await
    }

    async fn pass_days(&self, days: i64) {
        self.clock.fetch_add(days * DAY_MS, Ordering::SeqCst);
        let now = self.app.now();
        self.app.inner.cases.tick(now).await.unwrap();
    }
}
