//! From rows of the feed to the glass of virtual boards on a paced line.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::{Value, json};
use sync::device_clock::Clock;
use sync::feed::FeedSink;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};
use wire::api::{FeedPage, FeedRow, Topic};

use super::super::hall_view::{SharedView, ViewSink};
use super::*;
use crate::bus::{BusCommand, run_bus};
use crate::config::parse;
use crate::hall_clock::HallClock;
use crate::simulator::{SharedBoards, Simulator};
use crate::virtual_board::BoardSettings;

const BAUD: u32 = 9_600;
/// From a row of the feed to the last board that shows it no longer.
const GONE_WITHIN: Duration = Duration::from_secs(5);

/// Eight boards of two zones on one line.
fn file(line: &std::path::Path) -> String {
    let board = |number: usize| {
        format!(
            r#"
[[port.board]]
id = "LED-{number:02}"
name = "{number} 号屏"
family = "onbon-k"
address = {number}
width = 192
height = 48
colour = "two"
[[port.board.zone]]
x = 0
y = 0
width = 192
height = 32
list = "岗位"
[[port.board.zone]]
x = 0
y = 32
width = 192
height = 16
[[port.board.zone.item]]
play = "slogans"
"#
        )
    };
    let boards: String = (1..=8).map(board).collect();
    let list = "[[list]]\nname = \"岗位\"\n[[list.item]]\nplay = \"vacancies\"\n";
    format!("[[port]]\npath = {line:?}\nbaud = {BAUD}\n{boards}\n{list}")
}

fn row(topic: Topic, key: &str, body: Option<Value>) -> FeedRow {
    FeedRow {
        position: 1,
        topic,
        key: key.to_owned(),
        body: body.map(|body| body.to_string()),
        expires: None,
    }
}

fn listing(number: u64) -> FeedRow {
    let id = format!("01890a5d-ac96-774b-bcce-{number:012}");
    let body = json!({
        "id": id, "short_id": "7F3K97F3K9", "title": format!("电工{number}"),
        "employer": "东方机械有限公司", "place": null,
        "pay": {
            "amount": {"shape": "range", "low": 500_000, "high": 800_000},
            "unit": "month", "basis": "stated", "months_per_year": null
        },
        "pay_text": null, "monthly": {"low": 500_000, "high": 800_000},
        "education": null, "experience": null, "headcount": null, "job_form": null,
        "industry": null, "description": null, "posted_on": null,
        "publication_order": number, "published_on": "2026-01-01", "valid_to": "2100-01-01",
    });
    row(Topic::Listing, &id, Some(body))
}

fn hall_row(emergency: Option<&str>, boards_cleared: Option<i64>) -> FeedRow {
    let emergency = emergency.map(|title| json!({"title": title, "body": "", "since": 0}));
    let body = json!({
        "station_name": "示例站", "layout": {"groups": {}, "windows": {}}, "day": "2026-11-27",
        "is_demo": true, "emergency": emergency, "boards_cleared": boards_cleared,
    });
    row(Topic::Hall, "hall", Some(body))
}

/// The driver's heart without its server: feed, boards, bus and line.
struct Hall {
    _folder: tempfile::TempDir,
    clock: HallClock,
    shared: SharedView,
    sink: ViewSink,
    boards: HallBoards,
    commands: mpsc::Sender<BusCommand>,
    events: mpsc::Receiver<crate::bus::BusEvent>,
    glass: SharedBoards,
    position: u64,
}

impl Hall {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let line = folder.path().join("line");
        let config = parse(&file(&line), NaiveDate::MIN).expect("a good file");
        let card = |board: &BoardConfig| BoardSettings {
            address: board.address,
            width_px: board.layout().width_px.into(),
            height_px: board.layout().height_px.into(),
            has_green: true,
        };
        let settings: Vec<_> = config.ports[0].boards.iter().map(card).collect();
        let glass = SharedBoards::new(&settings);
        let simulator = Simulator::open(&line, BAUD, glass.clone()).expect("a pseudo-terminal");
        tokio::spawn(simulator.run());
        let (commands, receiver) = mpsc::channel(64);
        let (sender, events) = mpsc::channel(256);
        tokio::spawn(run_bus(config.ports[0].clone(), receiver, sender));
        let shared = SharedView::default();
        let device_clock = Clock::new(|| domain::time::UtcMs(0));
        let sink = ViewSink::open(
            &folder.path().join("cache.db"),
            shared.clone(),
            device_clock,
        );
        Self {
            boards: HallBoards::new(&config, WorkCalendar::default()),
            sink: sink.expect("a copy"),
            _folder: folder,
            clock: HallClock::start(),
            shared,
            commands,
            events,
            glass,
            position: 0,
        }
    }

    fn feed(&mut self, rows: Vec<FeedRow>) {
        self.position += 1;
        let Ok(()) = self.sink.apply(FeedPage {
            rows,
            next_after: self.position,
            has_more: false,
            snapshot: None,
        });
    }

    /// The texts of each board, area by area.
    fn texts(&self) -> Vec<BTreeMap<u8, String>> {
        self.glass
            .with(|boards, now| boards.iter().map(|board| board.state(now).areas).collect())
    }

    /// Runs the boards until it is so, and tells how long that took.
    async fn until(
        &mut self,
        what: &str,
        is_so: impl Fn(&[BTreeMap<u8, String>]) -> bool,
    ) -> Duration {
        let since = Instant::now();
        while !is_so(&self.texts()) {
            let now = self.clock.now();
            self.boards.follow(&mut self.shared.lock(), now);
            for PortOrder { board, order, .. } in self.boards.advance(now) {
                let command = BusCommand::Order { board, order };
                self.commands.send(command).await.expect("the bus runs");
            }
            while self.events.try_recv().is_ok() {}
            sleep(Duration::from_millis(10)).await;
            assert!(
                since.elapsed() < Duration::from_secs(60),
                "waited in vain for {what}"
            );
        }
        since.elapsed()
    }
}

fn holds(areas: &BTreeMap<u8, String>, words: &str) -> bool {
    areas.values().any(|text| text.contains(words))
}

#[tokio::test]
async fn what_is_withdrawn_filled_or_cleared_leaves_eight_boards_at_9600_within_five_seconds() {
    let mut hall = Hall::start();
    let slogan = json!({
        "id": "s", "kind": "notice", "title": "标语", "board_pages": [], "rows": [],
        "document_no": null, "valid_from": "2026-01-01", "valid_to": null,
        "board": {"content": "slogan", "text": "就业服务到家", "priority": 5},
    });
    let slogan = row(Topic::Notice, "s", Some(slogan));
    hall.feed(vec![listing(1), listing(2), slogan, hall_row(None, None)]);
    let all = |boards: &[BTreeMap<u8, String>], words: &str| {
        boards.iter().all(|areas| holds(areas, words))
    };
    hall.until("the newest vacancy and the slogan", |boards| {
        all(boards, "电工2") && all(boards, "就业服务")
    })
    .await;
    let none = |boards: &[BTreeMap<u8, String>], words: &str| {
        !boards.iter().any(|areas| holds(areas, words))
    };
    let mut filled = listing(2);
    filled.body = None;
    hall.feed(vec![filled]);
    let gone = hall
        .until("the filled vacancy to be gone", |boards| {
            none(boards, "电工2")
        })
        .await;
    assert!(gone <= GONE_WITHIN, "{gone:?}");
    hall.feed(vec![row(Topic::Notice, "s", None)]);
    let gone = hall
        .until("the slogan to be gone", |boards| none(boards, "就业服务"))
        .await;
    assert!(gone <= GONE_WITHIN, "{gone:?}");
    hall.feed(vec![hall_row(None, Some(7))]);
    let gone = hall
        .until("dark boards", |boards| {
            boards.iter().all(BTreeMap::is_empty)
        })
        .await;
    assert!(gone <= GONE_WITHIN, "{gone:?}");
    hall.feed(vec![hall_row(Some("请立即疏散"), Some(7))]);
    let one_area = |areas: &BTreeMap<u8, String>| areas.len() == 1 && holds(areas, "请立即疏散");
    hall.until("the hall's own emergency", |boards| {
        boards.iter().all(one_area)
    })
    .await;
    hall.feed(vec![hall_row(None, None)]);
    hall.until("what plays again", |boards| all(boards, "电工1"))
        .await;
}
