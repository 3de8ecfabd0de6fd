//! An invented hall for the tests of this crate's state machines and view models.

use std::time::Duration;

use chrono::NaiveDate;
use domain::id::{GroupCode, HallId, TicketId, WindowNo};
use domain::queue::{
    HallLayout, KioskLane, SecretHash, ServiceGroup, TicketIssued, WaitEstimate, Wish,
};
use domain::time::{BusinessDate, UtcMs};
use uuid::Uuid;
use wire::api::{
    CallNow, FeedRow, GroupQueue, HallInfo, Notice, NoticeKind, NoticeRow, Topic, WindowNow,
    WindowState,
};
use wire::event::{Origin, VisitProof};

use super::event::{Event, Layout, Surroundings};
use super::facts::HallFacts;
use super::kiosk::{Kiosk, Station, StationKind};
use super::lookup::OwnTickets;
use super::score::VisitToScore;
use crate::index::sample::categories;
use crate::view_model::lines::ReadSpace;

pub(crate) const HALL: HallId = HallId(Uuid::from_u128(100));
pub(crate) const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
/// 10:24 of that day in the hall.
const WALL: UtcMs = UtcMs(1_795_400_640_000);

pub(crate) fn around(seconds: u64) -> Surroundings {
    let ms = i64::try_from(seconds).unwrap() * 1_000;
    Surroundings {
        now: Duration::from_secs(seconds),
        wall: WALL.plus_ms(ms),
        origin: Origin::Touch,
        layout: Layout {
            newest: 3,
            job_rows: 6,
            job_choices: 10,
            job_suggestions: 4,
            groups: 6,
            matters: 12,
            appointment_choices: 12,
            choices: 6,
            read: ReadSpace {
                whole: 200,
                paged: 180,
                entry: 6,
                width: 260,
                labelled_width: 210,
            },
            reasons: 12,
        },
    }
}

pub(crate) fn hall_station() -> Station {
    Station {
        kind: StationKind::Hall { lane: KioskLane(2) },
        ..window_station()
    }
}

pub(crate) fn window_station() -> Station {
    Station {
        hall: HALL,
        kind: StationKind::Window {
            window: WindowNo::new(3).unwrap(),
        },
        name: "试验机".into(),
        public_url: "http://hall.example".into(),
    }
}

pub(crate) fn display_station() -> Station {
    Station {
        kind: StationKind::Display,
        ..window_station()
    }
}

pub(crate) fn call_row(ticket: u128, label: &str, window: u8, at: UtcMs) -> FeedRow {
    let call = CallNow {
        ticket: TicketId(Uuid::from_u128(ticket)),
        label: label.parse().unwrap(),
        window: WindowNo::new(window).unwrap(),
        times: 1,
        at,
    };
    FeedRow {
        expires: Some(at.plus_ms(60_000)),
        ..row(Topic::Call, &call.ticket.to_string(), &call)
    }
}

pub(crate) fn row(topic: Topic, key: &str, body: &impl serde::Serialize) -> FeedRow {
    let body = Some(serde_json::to_string(body).unwrap());
    FeedRow {
        position: 1,
        topic,
        key: key.into(),
        body,
        expires: None,
    }
}

pub(crate) fn queue_row(letter: char, waiting: u32) -> FeedRow {
    let queue = GroupQueue {
        group: GroupCode::new(letter).unwrap(),
        waiting,
        wait: WaitEstimate::Between { low: 5, high: 12 },
        windows: if letter == 'A' {
            vec![WindowNo::new(1).unwrap()]
        } else {
            Vec::new()
        },
        next: Vec::new(),
    };
    row(Topic::Queue, &letter.to_string(), &queue)
}

pub(crate) fn finished_row(ticket: u128, until: UtcMs) -> FeedRow {
    let window = WindowNow {
        window: WindowNo::new(3).unwrap(),
        is_open: true,
        clerk_no: Some("1023".into()),
        state: WindowState::Finished {
            ticket: TicketId(Uuid::from_u128(ticket)),
            label: "A025".parse().unwrap(),
            group_name: "试验事项一".into(),
            until,
        },
    };
    row(Topic::Window, "3", &window)
}

/// The feed's rows as they arrive.
pub(crate) fn arrived() -> Event {
    Event::Facts {
        rows: rows(),
        server_now: UtcMs(0),
    }
}

/// The hall's kiosk that knows what is published.
pub(crate) fn hall_kiosk() -> Kiosk {
    let mut kiosk = Kiosk::new(hall_station(), OwnTickets::default(), categories());
    kiosk.handle(arrived(), &around(0));
    kiosk
}

pub(crate) fn rows() -> Vec<FeedRow> {
    rows_of(&[('A', "试验事项一"), ('B', "试验事项二")])
}

fn rows_of(groups: &[(char, &str)]) -> Vec<FeedRow> {
    let group = |name: &str| ServiceGroup {
        name: name.into(),
        hint: "试验".into(),
        typical_service_minutes: 8,
    };
    let code = |letter| GroupCode::new(letter).unwrap();
    let window = |number| WindowNo::new(number).unwrap();
    let hall = HallInfo {
        station_name: "试验大厅".into(),
        layout: HallLayout {
            groups: groups
                .iter()
                .map(|(letter, name)| (code(*letter), group(name)))
                .collect(),
            windows: [
                (window(1), [code('A')].into()),
                (window(2), [code('B')].into()),
                (window(3), [code('A')].into()),
            ]
            .into(),
        },
        day: BusinessDate(TODAY),
        is_demo: true,
        emergency: None,
        boards_cleared: None,
    };
    let policy = |id: &str, title: &str, valid_to| Notice {
        id: id.into(),
        kind: NoticeKind::Policy,
        title: title.into(),
        board_pages: Vec::new(),
        rows: (0..7)
            .map(|n| NoticeRow {
                label: format!("问{n}"),
                text: format!("答{n}"),
            })
            .collect(),
        document_no: Some("试验〔2026〕1 号".into()),
        valid_from: NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(),
        valid_to,
        board: None,
    };
    vec![
        row(Topic::Hall, "hall", &hall),
        queue_row('A', 5),
        queue_row('B', 2),
        row(Topic::Notice, "p1", &policy("p1", "试验政策一", None)),
        row(
            Topic::Notice,
            "p2",
            &policy("p2", "试验旧政策", TODAY.pred_opt()),
        ),
    ]
}

pub(crate) fn facts() -> HallFacts {
    facts_of(rows())
}

/// A hall with the district's groups.
pub(crate) fn district_facts() -> HallFacts {
    facts_of(rows_of(&[
        ('A', "找工作、就业登记"),
        ('B', "创业贷款"),
        ('C', "失业保险"),
        ('D', "人事档案"),
        ('E', "培训和见习"),
    ]))
}

fn facts_of(rows: Vec<FeedRow>) -> HallFacts {
    let mut facts = HallFacts::default();
    for row in rows {
        facts.apply(&row, UtcMs(0)).unwrap();
    }
    facts
}

pub(crate) fn visit() -> VisitToScore {
    let (ticket, window) = (TicketId(Uuid::from_u128(5)), WindowNo::new(3).unwrap());
    VisitToScore {
        proof: VisitProof::WindowTerminal { ticket, window },
        label: "A025".parse().unwrap(),
        matter: "试验事项一".into(),
        window: Some(window),
        clerk_no: Some("1023".into()),
    }
}

/// A slip that was shown at the sample's beginning.
pub(crate) fn paper(label: &str) -> TicketIssued {
    TicketIssued {
        ticket: TicketId(uuid::Uuid::from_u128(5)),
        label: label.parse().unwrap(),
        group: GroupCode::new('A').unwrap(),
        priority: None,
        arrived_at: around(0).wall,
        token_hash: SecretHash([1; 32]),
        code_hash: SecretHash([2; 32]),
        wish: Wish::default(),
        found: None,
        told: None,
    }
}
