//! A simulated Alpha sign keeps, shows and answers what the sheet says a real one does.

use std::time::Duration;

use display_driver::bus::{BusCommand, BusEvent, run_bus};
use display_driver::codec::alpha::address::{OwnAddress, SignType};
use display_driver::codec::alpha::document;
use display_driver::codec::{Ask, Side};
use display_driver::config;
use display_driver::content::{
    Align, AreaContent, AreaId, AreaRect, Colour, GlyphSize, Line, Motion,
};
use display_driver::link::{LinkEvent, Order, Timing, Urgency};
use display_driver::port::{Port, PortSettings};
use display_driver::render::area::draw_area;
use display_driver::render::canvas::Canvas;
use display_driver::render::glyph::GlyphSource;
use display_driver::simulator::{SharedBoards, Simulator};
use display_driver::virtual_board::{AlphaVersion, SignSettings, VirtualSign};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::timeout;

const START: Duration = Duration::from_secs(10);
const BAUD: u32 = 9_600;

fn sign_of(version: AlphaVersion) -> VirtualSign {
    VirtualSign::new(SignSettings {
        sign_type: SignType::BetaBrite,
        address: OwnAddress(1),
        width_px: 64,
        height_px: 16,
        version,
    })
}

fn packet(command: &str, params: &Value, header: &Value) -> Vec<u8> {
    document::encode(command, params, header)
        .expect(command)
        .bytes
}

/// Tells everyone on the line, and gives the answer.
fn tell_at(sign: &mut VirtualSign, now: Duration, command: &str, params: &Value) -> Option<Value> {
    let answer = sign.receive(now, &packet(command, params, &Value::Null));
    (!answer.is_empty()).then(|| document::decode(&answer, None).expect("a sound answer"))
}

fn tell(sign: &mut VirtualSign, command: &str, params: &Value) -> Option<Value> {
    tell_at(sign, START, command, params)
}

fn text(label: &str, text: &str) -> Value {
    json!({"label": label, "position": "fill", "mode": "hold", "text": text})
}

fn layout() -> Value {
    let text = json!({"text": {"bytes": 64, "start": "always", "stop": "always"}});
    let dots = json!({"dots": {"size": {"rows": 16, "columns": 64}, "colours": "8"}});
    let file =
        |label: &str, holds: &Value| json!({"label": label, "keyboard": "locked", "holds": holds});
    json!({"files": [
        file("A", &text), file("S", &json!({"string": {"bytes": 8}})), file("P", &dots),
        file("B", &text),
    ]})
}

/// A BetaBrite whose memory was cleared, given time and configured.
fn configured() -> VirtualSign {
    let mut sign = sign_of(AlphaVersion::One);
    tell_at(&mut sign, Duration::ZERO, "clear-memory", &json!({}));
    tell_at(
        &mut sign,
        Duration::from_secs(2),
        "configure-memory",
        &layout(),
    );
    sign
}

#[test]
fn a_new_number_changes_the_string_and_the_text_stays() {
    let mut sign = configured();
    tell(&mut sign, "write-text", &text("A", "NOW {string:S}"));
    for number in ["A011", "A012"] {
        tell(
            &mut sign,
            "write-string",
            &json!({"label": "S", "text": number}),
        );
        assert_eq!(sign.shown_text(START), format!("NOW {number}"));
    }
}

#[test]
fn the_priority_file_is_shown_before_all_until_it_is_released() {
    let mut sign = sign_of(AlphaVersion::One);
    tell(&mut sign, "write-text", &text("A", "HELLO"));
    tell(&mut sign, "write-text", &text("0", "LEAVE THE HALL"));
    assert_eq!(sign.shown_text(START), "LEAVE THE HALL");
    tell(&mut sign, "write-text", &text("0", ""));
    assert_eq!(sign.shown_text(START), "", "an empty one is a blank screen");
    tell(&mut sign, "release-priority", &json!({}));
    assert_eq!(sign.shown_text(START), "HELLO");
}

#[test]
fn what_is_for_another_kind_or_address_is_ignored() {
    for (kind, address, is_meant) in [
        ("all", "00", true),
        ("betabrite", "01", true),
        ("all", "?1", true),
        ("betabrite", "02", false),
        ("215c", "01", false),
        ("response", "01", false),
    ] {
        let mut sign = sign_of(AlphaVersion::One);
        let header = json!({"type": kind, "address": address});
        sign.receive(START, &packet("write-text", &text("A", "HI"), &header));
        assert_eq!(sign.shown_text(START) == "HI", is_meant, "{kind} {address}");
    }
}

#[test]
fn what_was_written_is_read_back_as_the_same_command() {
    let mut sign = configured();
    let now = Duration::from_secs(20);
    let picture = json!({"label": "P", "rows": ["R.G", ".A."]});
    let string = json!({"label": "S", "text": "B007"});
    for (write, read, params) in [
        ("write-text", "read-text", text("A", "{green}HI")),
        ("write-string", "read-string", string),
        ("write-small-dots", "read-small-dots", picture),
    ] {
        assert_eq!(tell_at(&mut sign, now, write, &params), None);
        let label = json!({"label": params["label"]});
        let answer = tell_at(&mut sign, now, read, &label).expect(read);
        assert_eq!(
            (&answer["command"], &answer["params"]),
            (&json!(write), &params)
        );
        assert_eq!(answer["header"]["type"], "response");
    }
    let answer = tell_at(&mut sign, now, "read-function", &json!({"function": "$"}));
    assert_eq!(answer.expect("the memory")["params"], layout());
    assert_eq!(
        tell_at(&mut sign, now, "read-text", &json!({"label": "x"})),
        None
    );
}

#[test]
fn files_that_are_not_configured_or_too_small_take_nothing_and_the_first_grows() {
    let mut sign = configured();
    tell(
        &mut sign,
        "write-string",
        &json!({"label": "T", "text": "1"}),
    );
    tell(
        &mut sign,
        "write-string",
        &json!({"label": "S", "text": "123456789"}),
    );
    tell(&mut sign, "write-text", &text("B", &"x".repeat(65)));
    tell(
        &mut sign,
        "write-small-dots",
        &json!({"label": "P", "rows": vec!["."; 17]}),
    );
    for (read, label) in [
        ("read-string", "T"),
        ("read-string", "S"),
        ("read-text", "B"),
        ("read-small-dots", "P"),
    ] {
        assert_eq!(
            tell(&mut sign, read, &json!({"label": label})),
            None,
            "{label}"
        );
    }
    let long = "x".repeat(500);
    tell(&mut sign, "write-text", &text("A", &long));
    assert_eq!(sign.shown_text(START), long);
}

#[test]
fn a_broken_packet_is_dropped_silently_unless_the_sign_was_told_to_answer() {
    let wrong = packet("write-text", &text("A", "HI"), &json!({"checksum": "0000"}));
    for version in [AlphaVersion::One, AlphaVersion::TwoOrThree] {
        let mut sign = sign_of(version);
        assert_eq!(sign.receive(START, &wrong), b"");
        sign.receive(
            START,
            &packet("set-answers", &json!({"answers": "on"}), &Value::Null),
        );
        let nak = sign.receive(START, &wrong);
        let ack = tell(&mut sign, "clear-serial-errors", &json!({}));
        match version {
            AlphaVersion::One => assert!(nak.is_empty() && ack.is_none()),
            AlphaVersion::TwoOrThree => {
                assert_eq!(nak, [0x15, 0x50]);
                assert_eq!(ack.expect("an answer")["command"], "ack");
            }
        }
        assert_eq!(sign.shown_text(START), "");
    }
}

#[test]
fn a_memory_configured_without_a_settled_clear_is_stored_and_stays_dark() {
    for (cleared, is_dark) in [(None, true), (Some(9), true), (Some(8), false)] {
        let mut sign = sign_of(AlphaVersion::One);
        if let Some(second) = cleared {
            tell_at(
                &mut sign,
                Duration::from_secs(second),
                "clear-memory",
                &json!({}),
            );
        }
        tell(&mut sign, "configure-memory", &layout());
        tell(&mut sign, "write-text", &text("A", "HI"));
        assert_eq!(sign.shown_text(START).is_empty(), is_dark, "{cleared:?}");
        assert!(tell(&mut sign, "read-text", &json!({"label": "A"})).is_some());
    }
}

#[test]
fn reads_are_not_heard_for_five_seconds_behind_a_clear_and_nothing_for_three_behind_a_sound() {
    let mut sign = sign_of(AlphaVersion::One);
    tell(&mut sign, "clear-memory", &json!({}));
    let memory = json!({"function": "$"});
    let after = |ms: u64| START + Duration::from_millis(ms);
    assert_eq!(
        tell_at(&mut sign, after(4_999), "read-function", &memory),
        None
    );
    assert!(tell_at(&mut sign, after(5_000), "read-function", &memory).is_some());
    tell_at(
        &mut sign,
        after(5_000),
        "sound",
        &json!({"sound": "three-beeps"}),
    );
    tell_at(&mut sign, after(7_999), "write-text", &text("A", "HI"));
    assert_eq!(sign.shown_text(START), "");
    tell_at(&mut sign, after(8_000), "write-text", &text("A", "HI"));
    assert_eq!(sign.shown_text(START), "HI");
}

#[test]
fn a_picture_is_drawn_dot_by_dot_where_the_text_inserts_it() {
    let mut sign = configured();
    tell(
        &mut sign,
        "write-small-dots",
        &json!({"label": "P", "rows": ["R.G", ".A."]}),
    );
    tell(
        &mut sign,
        "write-text",
        &text("A", "{half-space}{picture:P}"),
    );
    let signs = sign.draw(START, &mut GlyphSource::new()).signs();
    assert!(signs[0].starts_with("....R.G....") && signs[1].starts_with(".....A....."));
    assert!(signs[2..].iter().all(|row| !row.contains(['R', 'G', 'A'])));
}

#[test]
fn the_clock_runs_and_is_shown() {
    let mut sign = sign_of(AlphaVersion::One);
    tell(&mut sign, "set-time", &json!({"time": "23:59"}));
    tell(&mut sign, "write-text", &text("A", "{time}"));
    assert_eq!(sign.shown_text(START + Duration::from_secs(125)), "00:01");
}

#[tokio::test]
async fn behind_a_simulated_line_it_takes_its_time_and_answers_reads() {
    let folder = tempfile::tempdir().expect("a folder");
    let link = folder.path().join("line");
    let boards = SharedBoards::of(vec![sign_of(AlphaVersion::One)]);
    let simulator = Simulator::open(&link, BAUD, boards.clone()).expect("a pseudo-terminal");
    let line = tokio::spawn(simulator.run());
    let mut port = Port::open(&PortSettings::serial(&link, BAUD))
        .await
        .expect("a port");
    let start = std::time::Instant::now();
    let write = packet("write-text", &text("A", "A012"), &Value::Null);
    let read = packet("read-text", &json!({"label": "A"}), &Value::Null);
    port.write(&[write.clone(), read.clone()].concat())
        .await
        .expect("a write");
    let mut answer = Vec::new();
    while answer.last() != Some(&4) {
        let more = timeout(START, port.read()).await.expect("in time");
        answer.extend(more.expect("an open line"));
    }
    let document = document::decode(&answer, Some(Side::Board)).expect("a sound answer");
    assert_eq!(document["params"]["text"], "A012");
    let bytes = write.len() + read.len() + answer.len();
    assert!(start.elapsed() >= Timing::at(BAUD).wire_time(bytes));
    assert_eq!(boards.with(|signs, now| signs[0].shown_text(now)), "A012");
    line.abort();
}

/// The layout that the driver makes, written out: text, string, two pictures for the page and two
/// for what goes over it.
fn drivers_layout() -> Value {
    let file =
        |label: &str, holds: &Value| json!({"label": label, "keyboard": "locked", "holds": holds});
    let text = json!({"text": {"bytes": 256, "start": "always", "stop": "always"}});
    let dots = json!({"dots": {"size": {"rows": 16, "columns": 255}, "colours": "3"}});
    let string = json!({"string": {"bytes": 125}});
    let pictures = ["P", "Q", "U", "V"].map(|label| file(label, &dots));
    let mut files = vec![file("A", &text), file("S", &string)];
    files.extend(pictures);
    json!({"files": files})
}

fn page(text: &str) -> AreaContent {
    AreaContent {
        area: AreaId(0),
        rect: AreaRect {
            x_px: 0,
            y_px: 0,
            width_px: 64,
            height_px: 16,
        },
        size: GlyphSize::Px16,
        lines: vec![Line::of(Colour::Green, text)],
        align: Align::Centre,
        motion: Motion::Still,
    }
}

#[tokio::test]
async fn the_bus_task_draws_hanzi_on_a_sign_that_acknowledges_nothing() {
    let mut sign = sign_of(AlphaVersion::One);
    let second = Duration::from_secs;
    tell_at(&mut sign, second(0), "clear-memory", &json!({}));
    tell_at(&mut sign, second(2), "configure-memory", &drivers_layout());
    let folder = tempfile::tempdir().expect("a folder");
    let link = folder.path().join("line");
    let boards = SharedBoards::of(vec![sign]);
    let simulator = Simulator::open(&link, BAUD, boards.clone()).expect("a pseudo-terminal");
    let line = tokio::spawn(simulator.run());
    let path = link.display();
    let file = format!(
        "[[port]]\npath = \"{path}\"\nbaud = {BAUD}\n[[port.board]]\nid = \"s\"\nname = \"屏\"\n\
         family = \"alpha\"\naddress = 1\nwidth = 64\nheight = 16\ncolour = \"two\"\n"
    );
    let port = config::parse(&file, chrono::NaiveDate::default())
        .expect("a good file")
        .ports
        .remove(0);
    let board = port.boards[0].id().clone();
    let (commands, receiver) = mpsc::channel(4);
    let (sender, mut events) = mpsc::channel(64);
    tokio::spawn(run_bus(port, receiver, sender));
    let order = Order::Show(page("电工"), Urgency::Ordinary);
    commands
        .send(BusCommand::Order { board, order })
        .await
        .expect("the bus runs");
    let is_shown = |event: &BusEvent| {
        matches!(
            event,
            BusEvent::Link(LinkEvent::Believed {
                ask: Ask::Show(_),
                ..
            })
        )
    };
    let waited = timeout(START, async {
        while !events.recv().await.as_ref().is_some_and(is_shown) {}
    });
    waited.await.expect("believed to be shown, in time");
    let mut preview = Canvas::new(64, 16);
    draw_area(&mut preview, &mut GlyphSource::new(), &page("电工"));
    // Believed as soon as the last byte has left: the sign may read it a moment later.
    let glass = || boards.with(|signs, now| signs[0].draw(now, &mut GlyphSource::new()));
    let waited = timeout(START, async {
        while glass() != preview {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    assert!(waited.await.is_ok(), "{:?}", glass().signs());
    line.abort();
}
