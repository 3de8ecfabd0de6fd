//! What the simulated card answers, shows, and keeps.

use serde_json::{Value, json};

use super::*;
use crate::codec::onbon_k::document;

const NOW: Duration = Duration::from_secs(5);

fn board() -> VirtualBoard {
    let settings = BoardSettings {
        address: 1,
        width_px: 192,
        height_px: 16,
        has_green: true,
    };
    VirtualBoard::new(settings)
}

fn ask_at(board: &mut VirtualBoard, dst: u16, command: &str, params: &Value) -> Option<Value> {
    let request = document::encode(command, params, &json!({"dst": dst}));
    let reply = board.receive(NOW, &request.expect("a good request"));
    (!reply.is_empty()).then(|| document::decode(&reply, None).expect("a sound reply"))
}

fn ask(board: &mut VirtualBoard, command: &str, params: &Value) -> Option<Value> {
    ask_at(board, 1, command, params)
}

fn error_of(reply: Option<Value>) -> u64 {
    reply.expect("an answer")["params"]["error"]
        .as_u64()
        .expect("a code")
}

fn area(id: u8, text: &str) -> Value {
    json!({"areas": [{
        "x": {"px": 0}, "y": 0, "width": {"px": 192}, "height": 16, "id": id, "lines": 1,
        "wrap": 1, "display_mode": 1, "text": text,
    }]})
}

#[test]
fn only_the_own_number_and_answered_broadcasts_are_answered() {
    let reply = |dst: u16| ask_at(&mut board(), dst, "ping", &json!({}));
    assert_eq!(reply(1).expect("an answer")["header"]["src"], 1);
    assert_eq!(reply(0xFFFE).expect("an answer")["header"]["src"], 0xFFFE);
    assert_eq!(reply(2), None);
    assert_eq!(reply(0xFFFF), None);
}

#[test]
fn the_silent_broadcast_sets_the_clock_and_the_clock_runs() {
    let mut board = board();
    let params = json!({"answer": 2, "clock": {"time": "2026-03-09 08:30:00"}});
    assert_eq!(ask_at(&mut board, 0xFFFF, "set-clock", &params), None);
    let later = board.state(NOW + Duration::from_secs(90)).clock;
    assert_eq!(later.to_string(), "2026-03-09 08:31:30");
}

#[test]
fn areas_come_go_and_are_listed_in_the_status() {
    let mut board = board();
    assert_eq!(error_of(ask(&mut board, "dynamic-area", &area(3, "A"))), 0);
    let status = ask(&mut board, "query-status", &json!({})).expect("a status");
    assert_eq!(status["params"]["dynamic_ids"], json!([3]));
    ask(&mut board, "dynamic-area", &json!({"delete": {"ids": [3]}}));
    assert!(board.state(NOW).areas.is_empty());
}

#[test]
fn a_sixth_area_is_out_of_memory_and_a_frame_too_long_is_never_answered() {
    let mut board = board();
    for id in 0..5 {
        assert_eq!(error_of(ask(&mut board, "dynamic-area", &area(id, "A"))), 0);
    }
    assert_eq!(error_of(ask(&mut board, "dynamic-area", &area(5, "A"))), 4);
    // 61 bytes stand around a text.
    let (longest, longer) = (area(0, &"A".repeat(451)), area(0, &"A".repeat(452)));
    assert_eq!(error_of(ask(&mut board, "dynamic-area", &longest)), 0);
    assert_eq!(ask(&mut board, "dynamic-area", &longer), None);
    let escaped = area(0, &"[".repeat(230));
    assert_eq!(ask(&mut board, "dynamic-area", &escaped), None);
}

#[test]
fn a_font_it_lacks_is_refused_and_changes_nothing() {
    let settings = super::super::BoardSettings {
        address: 1,
        width_px: 192,
        height_px: 32,
        has_green: true,
    };
    let make = CardMake {
        font_heights: vec![16],
        ..CardMake::default()
    };
    let mut board = VirtualBoard::made(settings, make);
    assert_eq!(error_of(ask(&mut board, "dynamic-area", &area(1, "A"))), 0);
    let mut large = area(0, r"\FO001\FE001A");
    large["delete"] = json!({"ids": [1]});
    assert_eq!(error_of(ask(&mut board, "dynamic-area", &large)), 12);
    assert_eq!(board.state(NOW).areas.len(), 1);
    let fonts = ask(&mut board, "list-fonts", &json!({})).expect("a list");
    assert_eq!(fonts["params"]["fonts"].as_array().map(Vec::len), Some(2));
}

#[test]
fn brightness_and_light_follow_the_cards_clock() {
    let mut board = board();
    let clock = json!({"clock": {"time": "2026-03-09 07:29:00"}});
    ask(&mut board, "set-clock", &clock);
    let levels: Vec<u8> = (0..48).map(|half_hour| half_hour / 4).collect();
    ask(&mut board, "brightness", &json!({"half_hours": levels}));
    let lit = json!({"periods": [{"on_bcd": "0730", "off_bcd": "1800"}]});
    assert_eq!(error_of(ask(&mut board, "timed-power", &lit)), 0);
    let at = |board: &VirtualBoard, minutes: u64| {
        let state = board.state(NOW + Duration::from_secs(minutes * 60));
        (state.is_on, state.brightness)
    };
    assert_eq!(at(&board, 0), (false, 3));
    assert_eq!(at(&board, 1), (true, 3));
    assert_eq!(at(&board, 31), (true, 4));
    assert_eq!(at(&board, 10 * 60 + 31), (false, 9));
    ask(&mut board, "cancel-timed-power", &json!({}));
    assert_eq!(at(&board, 0), (true, 3));
    let backwards = json!({"periods": [{"on_bcd": "1800", "off_bcd": "0730"}]});
    assert_eq!(error_of(ask(&mut board, "timed-power", &backwards)), 14);
}

#[test]
fn the_screen_number_is_set_and_read_by_broadcast() {
    let mut board = board();
    ask_at(
        &mut board,
        0xFFFE,
        "set-screen-number",
        &json!({"number": 9}),
    );
    let reply = ask_at(&mut board, 0xFFFE, "read-screen-number", &json!({}));
    assert_eq!(reply.expect("an answer")["params"]["number"], 9);
    assert_eq!(ask(&mut board, "ping", &json!({})), None, "the old number");
}

#[test]
fn what_it_does_not_know_is_refused_with_the_sheets_codes() {
    let unlisted = |data: &str| error_of(ask(&mut board(), "unknown", &json!({"data": data})));
    assert_eq!(unlisted("b001010000"), 1);
    assert_eq!(unlisted("a2ff010000"), 2);
    let no_date = json!({"clock": {"time": "2026-02-30 00:00:00", "weekday": 1}});
    assert_eq!(error_of(ask(&mut board(), "set-clock", &no_date)), 14);
    let lock = json!({"store": 0, "lock": 1, "name": "P000"});
    assert_eq!(error_of(ask(&mut board(), "lock-program", &lock)), 6);
}

#[test]
fn each_misbehaviour_is_played_once() {
    let mut board = board();
    board.misbehave(Misbehaviour::Refuse(AnswerCode::Busy));
    board.misbehave(Misbehaviour::IgnoreSilently);
    board.misbehave(Misbehaviour::LoseAnswer);
    board.misbehave(Misbehaviour::GarbleAnswer);
    assert_eq!(error_of(ask(&mut board, "ping", &json!({}))), 3);
    assert_eq!(ask(&mut board, "dynamic-area", &area(0, "A")), None);
    assert!(board.state(NOW).areas.is_empty());
    assert_eq!(ask(&mut board, "dynamic-area", &area(0, "A")), None);
    assert_eq!(board.state(NOW).areas.len(), 1);
    let ping = document::encode("ping", &json!({}), &json!({})).expect("a ping");
    assert!(document::decode(&board.receive(NOW, &ping), None).is_err());
    assert_eq!(error_of(ask(&mut board, "ping", &json!({}))), 0);
}

#[test]
fn an_area_with_a_time_out_goes_by_itself() {
    let mut board = board();
    let mut params = area(0, "A");
    params["areas"][0]["run_mode"] = json!(2);
    params["areas"][0]["timeout_s"] = json!(10);
    ask(&mut board, "dynamic-area", &params);
    let lit = |after: u64| {
        board
            .draw(NOW + Duration::from_secs(after), &mut GlyphSource::new())
            .lit()
    };
    assert!(lit(9) > 0);
    assert_eq!(lit(10), 0);
}

#[test]
fn switched_off_it_is_dark_and_keeps_its_areas() {
    let mut board = board();
    ask(&mut board, "dynamic-area", &area(0, "A"));
    ask(&mut board, "power", &json!({"state": 2}));
    assert_eq!(board.draw(NOW, &mut GlyphSource::new()).lit(), 0);
    ask(&mut board, "power", &json!({"state": 1}));
    assert!(board.draw(NOW, &mut GlyphSource::new()).lit() > 0);
}
