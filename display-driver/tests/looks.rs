//! Whole boards as pictures: from a file of boards and a hall to dots, as the boards show them.
//!
//! The pictures under `tests/looks` were looked at: they read well from ten metres. A change of looks
//! is made by running with `LOOKS=write` and looking at them again.

use std::path::Path;
use std::time::Duration;

use chrono::{NaiveDate, NaiveDateTime};
use display_driver::codec::BoardFamily;
use display_driver::config::{BoardConfig, Diodes, parse};
use display_driver::moment::Moment;
use display_driver::page::{BoardLayout, Call, PageLimit};
use display_driver::playlist::hall::Hall;
use display_driver::playlist::{Today, compose};
use display_driver::preview::{Panel, with_code};
use display_driver::render::area::draw_area;
use display_driver::render::canvas::Canvas;
use display_driver::render::glyph::GlyphSource;
use display_driver::render::picture::{Pitch, png};
use display_driver::schedule::{Schedule, ScheduleSettings};
use domain::calendar::WorkCalendar;
use serde_json::{Value, json};

/// One board of that size; `rest` says what it plays.
fn board(width: u16, height: u16, rest: &str) -> BoardConfig {
    let text = format!(
        "[[port]]\npath = \"/dev/ttyS0\"\n[[port.board]]\nid = \"LED-01\"\nname = \"屏\"\n\
         family = \"onbon-k\"\naddress = 1\nwidth = {width}\nheight = {height}\ncolour = \"two\"\n{rest}"
    );
    let config = parse(&text, NaiveDate::MIN).expect("a good file");
    config.ports[0].boards[0].clone()
}

/// A board of one zone that plays one thing.
fn playing(width: u16, height: u16, play: &str) -> BoardConfig {
    let zone = format!(
        "[[port.board.zone]]\nx = 0\ny = 0\nwidth = {width}\nheight = {height}\n\
         [[port.board.zone.item]]\nplay = \"{play}\"\n"
    );
    board(width, height, &zone)
}

fn wall() -> NaiveDateTime {
    "2026-11-27T09:30:00".parse().expect("a moment")
}

fn hall() -> Hall {
    let listing = |number: u64, title: &str, low: i64, high: i64, employer: &str, people: u32| {
        let id = format!("01890a5d-ac96-774b-bcce-{number:012}");
        json!({
            "id": id, "short_id": "7F3K97F3K9", "title": title, "employer": employer,
            "place": {"text": "示例二街道", "city": "示例二街道", "area": null},
            "pay": {
                "amount": {"shape": "range", "low": low * 100, "high": high * 100},
                "unit": "month", "basis": "stated", "months_per_year": null
            },
            "pay_text": null, "monthly": {"low": low * 100, "high": high * 100},
            "education": null, "experience": null,
            "headcount": {"kind": "exactly", "people": people}, "job_form": null,
            "industry": null, "description": null, "posted_on": null,
            "publication_order": number, "published_on": "2026-01-01", "valid_to": "2100-01-01",
        })
    };
    let text = |id: &str, content: &str, words: &str| {
        json!({
            "id": id, "kind": "notice", "title": "标题", "board_pages": [], "rows": [],
            "document_no": null, "valid_from": "2026-01-01", "valid_to": null,
            "board": {"content": content, "text": words, "priority": 5},
        })
    };
    let queue = |group: &str, waiting: u32, low: u16, next: &[&str]| {
        json!({
            "group": group, "waiting": waiting, "windows": [3], "next": next,
            "wait": {"kind": "between", "low": low, "high": low + 10},
        })
    };
    let mut hall = Hall::default();
    for body in [
        listing(1, "养老护理", 4_200, 5_000, "青砚康养", 6),
        listing(2, "维修电工", 5_500, 7_000, "澄禾铜业", 4),
    ] {
        let listing: domain::listing::Listing = from(body);
        hall.listings.insert(listing.id.to_string(), listing);
    }
    for body in [
        text("n", "notice", "11月25日下午停电\n请上午来办或改天"),
        text("s", "slogan", "就业服务到家门口"),
    ] {
        let notice: wire::api::Notice = from(body);
        hall.notices.insert(notice.id.clone(), notice);
    }
    for body in [
        queue("A", 5, 10, &["A026", "A027", "V003"]),
        queue("C", 2, 0, &["C011", "C012"]),
    ] {
        let queue: wire::api::GroupQueue = from(body);
        hall.queues.insert(queue.group, queue);
    }
    let group = |name: &str| json!({"name": name, "hint": "", "typical_service_minutes": 8});
    hall.layout = Some(from(json!({
        "groups": {"A": group("找工作、就业登记"), "C": group("失业保险")},
        "windows": {"3": ["C"]},
    })));
    hall
}

fn from<T: serde::de::DeserializeOwned>(body: Value) -> T {
    serde_json::from_value(body).expect("a body of the feed")
}

/// What the board shows in the hall, and during a call.
fn shown(board: &BoardConfig, hall: &Hall, call: Option<Call>) -> Canvas {
    let today = Today {
        wall: wall(),
        calendar: &WorkCalendar::default(),
    };
    let now = Moment {
        since_start: Duration::ZERO,
        wall: wall(),
    };
    let mut schedule = Schedule::new(&board.plan, ScheduleSettings::default());
    schedule.play(compose(&board.plan, hall, today));
    if let Some(call) = call {
        schedule.call(call, now);
    }
    let layout = board.layout();
    let mut canvas = Canvas::new(layout.width_px.into(), layout.height_px.into());
    let mut glyphs = GlyphSource::new();
    for shown in schedule.show(now).values() {
        let content = match board.colour {
            Diodes::Single => shown.content.in_red(),
            Diodes::Two => shown.content.clone(),
        };
        draw_area(&mut canvas, &mut glyphs, &content);
    }
    canvas
}

/// Compares a picture with the one that was looked at.
fn check(name: &str, canvas: &Canvas) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/looks/{name}.png"));
    let picture = png(canvas, Pitch::Px4).expect("a picture");
    if std::env::var("LOOKS").is_ok_and(|wish| wish == "write") {
        std::fs::write(&path, &picture).expect("a file");
    }
    let kept = std::fs::read(&path).expect("the picture that was looked at");
    assert!(
        samples(&kept) == samples(&picture),
        "{name} looks different; see the top of this file"
    );
}

/// Width and samples of a picture. Two files of one picture may be packed differently.
fn samples(picture: &[u8]) -> (u32, Vec<u8>) {
    let decoder = png::Decoder::new(std::io::Cursor::new(picture));
    let mut reader = decoder.read_info().expect("a picture");
    let mut samples = vec![0; reader.output_buffer_size().expect("a small picture")];
    reader.next_frame(&mut samples).expect("a whole picture");
    (reader.info().width, samples)
}

fn window(hall: &mut Hall, is_open: bool, state: &Value) {
    let body = json!({"window": 3, "is_open": is_open, "clerk_no": "012", "state": state});
    let now: wire::api::WindowNow = from(body);
    hall.windows.insert(now.window, now);
}

fn a025() -> Option<Call> {
    Some(Call {
        ticket_label: "A025".to_owned(),
        window_no: 3,
    })
}

#[test]
fn vacancies_notices_waiting_list_and_clock() {
    let hall = hall();
    for (name, width, height, play) in [
        ("vacancy-192x16", 192, 16, "vacancies"),
        ("vacancy-192x32", 192, 32, "vacancies"),
        ("vacancies-256x64", 256, 64, "vacancies"),
        ("notice-192x32", 192, 32, "notices"),
        ("waiting-192x64", 192, 64, "waiting"),
        ("clock-192x64", 192, 64, "clock"),
    ] {
        check(name, &shown(&playing(width, height, play), &hall, None));
    }
}

#[test]
fn calls_and_an_emergency() {
    let mut hall = hall();
    let zoned = playing(192, 48, "vacancies");
    check("call-192x48", &shown(&zoned, &hall, a025()));
    hall.emergency = Some(from(
        json!({"title": "请马上离开大厅，走安全出口", "body": "", "since": 0}),
    ));
    check("emergency-192x48", &shown(&zoned, &hall, a025()));
    check(
        "emergency-256x64",
        &shown(&playing(256, 64, "vacancies"), &hall, None),
    );
}

#[test]
fn the_strip_over_a_window() {
    let strip = board(64, 32, "shows = [\"calls\"]\nwindow = 3\n");
    let mut hall = hall();
    check("strip-idle-64x32", &shown(&strip, &hall, None));
    check("strip-called-64x32", &shown(&strip, &hall, a025()));
    window(&mut hall, true, &json!({"is": "serving", "label": "A025"}));
    check("strip-serving-64x32", &shown(&strip, &hall, None));
    window(&mut hall, false, &json!({"is": "idle"}));
    check("strip-paused-64x32", &shown(&strip, &hall, None));
}

#[test]
fn a_board_of_several_zones() {
    let zones = "
        [[port.board.zone]]
        x = 0
        y = 0
        width = 192
        height = 48
        calls = true
        [[port.board.zone.item]]
        play = \"vacancies\"
        [[port.board.zone]]
        x = 192
        y = 0
        width = 64
        height = 48
        [[port.board.zone.item]]
        play = \"clock\"
        [[port.board.zone]]
        x = 0
        y = 48
        width = 256
        height = 16
        [[port.board.zone.item]]
        play = \"slogans\"
    ";
    let board = board(256, 64, zones);
    check("zones-256x64", &shown(&board, &hall(), None));
    check("zones-call-256x64", &shown(&board, &hall(), a025()));
}

#[test]
fn a_policy_with_a_code() {
    let panel = Panel {
        limit: PageLimit::NONE,
        family: BoardFamily::OnbonK,
        layout: BoardLayout {
            width_px: 256,
            height_px: 64,
        },
        has_green: true,
    };
    let mut glyphs = GlyphSource::new();
    let link = "HTTPS://EXAMPLE.INVALID/P/12";
    let canvas = with_code(&panel, &mut glyphs, "失业保险金\n扫码看能不能领", link);
    check("policy-code-256x64", &canvas.expect("a board of 64 rows"));
}
