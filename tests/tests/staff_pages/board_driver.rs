//! A display driver as the centre knows it: a signed chain of events, and a feed. It tells which
//! boards there are and reads what they are to play; nothing is drawn here. Where the program itself
//! runs instead, it is given the code of [`BoardDriver::enrol`].

use std::cell::RefCell;

use central::edge::system_clock;
use domain::id::HallId;
use sync::client::{CentralClient, FeedCursor, enrol};
use sync::device_clock::Clock;
use sync::identity::DeviceIdentity;
use wire::api::{EnrolRequest, FEED_ROWS_MAX, FeedBody, Notice, Push, Topic};
use wire::board::{BoardDescription, Plays, ZoneDescription};
use wire::envelope::{self, ChainHead, Draft};
use wire::event::{BoardsDescribed, Event};
use wire::sign::DeviceKey;

/// The driver of the demonstration's hall.
pub(crate) struct BoardDriver {
    client: CentralClient,
    key: DeviceKey,
    head: RefCell<ChainHead>,
    runtime: tokio::runtime::Runtime,
}

/// The board on which the stories look.
pub(crate) fn hall_board() -> BoardDescription {
    board("LED-01", "大厅屏", 192)
}

fn board(number: &str, name: &str, width_px: u16) -> BoardDescription {
    BoardDescription {
        board: number.to_owned(),
        name: name.to_owned(),
        family: "onbon-k".to_owned(),
        width_px,
        height_px: 32,
        has_green: true,
        window: None,
        zones: vec![ZoneDescription {
            x_px: 0,
            y_px: 0,
            width_px,
            height_px: 32,
            plays: vec![Plays::Vacancies, Plays::Policies, Plays::Notices],
        }],
    }
}

impl BoardDriver {
    /// Enrols with a code, and tells which boards there are.
    pub(crate) fn enrol(base: &str, code: &str) -> Self {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let centre: sync::address::CentralAddress = base.parse().expect("an address");
        let key = DeviceKey::from_bytes(&central::edge::random_bytes());
        let request = EnrolRequest {
            code: code.to_owned(),
            public_key: key.public(),
        };
        let enrolled = runtime
            .block_on(enrol(&centre, &request))
            .expect("enrolled");
        let identity = DeviceIdentity::in_memory(key.clone(), enrolled);
        let clock = Clock::new(|| system_clock()());
        let client = CentralClient::new(&centre, identity, clock).expect("a client");
        let driver = Self {
            client,
            key,
            head: RefCell::new(ChainHead::EMPTY),
            runtime,
        };
        let hall = driver.hall();
        let boards = vec![hall_board(), board("LED-02", "政策屏", 256)];
        driver.tell(&Event::BoardsDescribed(BoardsDescribed { hall, boards }));
        driver
    }

    fn hall(&self) -> HallId {
        self.client.enrolled().hall
    }

    /// Writes an event and pushes it.
    fn tell(&self, event: &Event) {
        let writer = self.client.enrolled().device;
        let now = self.client.device_time();
        let draft = Draft {
            writer,
            at: now,
            kind: event.kind(),
            body: &event.body(),
        };
        let text = envelope::write(&draft, *self.head.borrow());
        let head = envelope::read(&text).expect("an event").head();
        let push = Push {
            events: vec![text],
            tail_signature: self.key.sign_tail(writer, head),
            device_time: now,
            clock_since_seq: 0,
        };
        let pushed = self.runtime.block_on(self.client.push(&push));
        assert_eq!(pushed.expect("taken in").head, head);
        *self.head.borrow_mut() = head;
    }

    /// What boards are to play now.
    pub(crate) fn notices(&self) -> Vec<Notice> {
        let from = FeedCursor::default();
        let asked = self.client.feed(from, &[Topic::Notice], FEED_ROWS_MAX, 0);
        let page = self.runtime.block_on(asked).expect("the feed");
        let bodies = page.rows.iter().filter_map(|row| row.read_body().ok()?);
        bodies
            .filter_map(|body| match body {
                FeedBody::Notice(notice) => Some(notice),
                _ => None,
            })
            .collect()
    }
}
