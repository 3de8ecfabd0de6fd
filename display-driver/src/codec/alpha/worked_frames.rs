//! Every worked frame of the sheet `alpha.md`, both ways: the parameters encode to the listed bytes,
//! the bytes decode to the parameters.

use serde_json::{Value, json};

use super::document::{decode, encode};

fn bytes(listed: &str) -> Vec<u8> {
    let digits: String = listed.chars().filter(char::is_ascii_hexdigit).collect();
    hex::decode(digits).expect("the sheet lists hex")
}

/// Encodes `params` under the `header` fields that are not usual, compares, and goes back.
fn check_with_header(listed: &str, command: &str, header: &Value, params: &Value) {
    let listed = bytes(&format!("00 00 00 00 00 01 {listed} 04"));
    let encoded = encode(command, params, header).expect("worked frames encode");
    assert_eq!(hex::encode(&encoded.bytes), hex::encode(&listed));
    let document = decode(&listed, None).expect("worked frames decode");
    assert_eq!(document["command"], command);
    assert_eq!(&document["params"], params);
    for (key, value) in header.as_object().expect("an object") {
        assert_eq!(&document["header"][key], value, "{key}");
    }
    let again = encode(command, &document["params"], &document["header"]);
    assert_eq!(again.expect("decoded documents encode"), encoded);
}

fn check(listed: &str, command: &str, params: &Value) {
    check_with_header(listed, command, &json!({}), params);
}

/// Without 03 and checksum.
fn check_open(listed: &str, command: &str, params: &Value) {
    check_with_header(listed, command, &json!({"check": "none"}), params);
}

fn held(text: &str) -> Value {
    json!({"label": "A", "position": "middle", "mode": "hold", "text": text})
}

#[test]
fn frame_1_text_without_checksum() {
    check_open(
        "5A 30 30 02 41 41 1B 20 62 48 45 4C 4C 4F",
        "write-text",
        &held("HELLO"),
    );
}

#[test]
fn frame_2_the_same_with_checksum() {
    check(
        "5A 30 30 02 41 41 1B 20 62 48 45 4C 4C 4F 03 30 32 39 38",
        "write-text",
        &held("HELLO"),
    );
}

#[test]
fn frame_3_coloured_priority_text_to_one_kind_and_address() {
    let listed = "66 30 31 02 41 30 1B 20 62 1C 32 57 49 4E 44 4F 57 20 35 03 30 33 38 45";
    let header = json!({"type": "215c", "address": "01"});
    let mut params = held("{green}WINDOW 5");
    params["label"] = json!("0");
    check_with_header(listed, "write-text", &header, &params);
}

#[test]
fn frame_4_string() {
    check(
        "5A 30 30 02 47 53 42 30 30 37 03 30 31 37 38",
        "write-string",
        &json!({"label": "S", "text": "B007"}),
    );
}

#[test]
fn frame_5_memory_configuration() {
    let listed = "5A 30 30 02 45 24 41 41 55 30 31 30 30 46 46 46 46 53 42 55 30 30 31 30 30 30 30
        30 50 44 55 30 37 33 43 34 30 30 30 03 30 38 31 33";
    let text = json!({"text": {"bytes": 256, "start": "always", "stop": "always"}});
    let dots = json!({"dots": {"size": {"rows": 7, "columns": 60}, "colours": "8"}});
    let files = json!([
        {"label": "A", "keyboard": "unlocked", "holds": text},
        {"label": "S", "keyboard": "unlocked", "holds": {"string": {"bytes": 16}}},
        {"label": "P", "keyboard": "unlocked", "holds": dots},
    ]);
    check(listed, "configure-memory", &json!({"files": files}));
}

#[test]
fn frame_6_time() {
    check(
        "5A 30 30 02 45 20 31 34 30 35 03 30 31 33 34",
        "set-time",
        &json!({"time": "14:05"}),
    );
}

#[test]
fn frame_7_weekday() {
    check(
        "5A 30 30 02 45 26 32 03 30 30 41 32",
        "set-weekday",
        &json!({"weekday": "monday"}),
    );
}

#[test]
fn frame_8_time_format() {
    check(
        "5A 30 30 02 45 27 4D 03 30 30 42 45",
        "set-time-format",
        &json!({"format": "24h"}),
    );
}

#[test]
fn frame_9_tone() {
    let tone = json!({"tone": {"frequency": 0x40, "duration": 5, "repeat": 2}});
    check(
        "5A 30 30 02 45 28 32 34 30 35 32 03 30 31 36 46",
        "sound",
        &json!({"sound": tone}),
    );
}

#[test]
fn frame_10_soft_reset() {
    check("5A 30 30 02 45 2C 03 30 30 37 36", "soft-reset", &json!({}));
}

#[test]
fn frame_11_run_sequence() {
    check(
        "5A 30 30 02 45 2E 54 55 41 03 30 31 36 32",
        "set-run-sequence",
        &json!({"order": "by-time", "keyboard": "unlocked", "labels": "A"}),
    );
}

#[test]
fn frame_12_small_dots_with_the_pause_behind_the_size() {
    let listed = "5A 30 30 02 49 50 30 32 30 33 31 30 32 0D 30 33 30 0D 03 30 32 41 33";
    let params = json!({"label": "P", "rows": ["R.G", ".A."]});
    check(listed, "write-small-dots", &params);
    let wire = encode("write-small-dots", &params, &Value::Null).expect("a picture");
    assert_eq!(wire.pauses.len(), 1);
    assert!(wire.bytes[..wire.pauses[0]].ends_with(b"\x02IP0203"));
}

#[test]
fn frame_13_read_text() {
    check(
        "5A 30 30 02 42 41 03 30 30 38 38",
        "read-text",
        &json!({"label": "A"}),
    );
}

#[test]
fn frame_14_two_commands_in_one_packet() {
    let string = |label: &str, text: &str| {
        let params = json!({"label": label, "text": text});
        json!({"command": "write-string", "params": params, "check": "sum"})
    };
    check(
        "5A 30 30 02 47 53 31 03 30 30 44 30 02 47 54 32 03 30 30 44 32",
        "several",
        &json!({"commands": [string("S", "1"), string("T", "2")]}),
    );
}

#[test]
fn frame_15_text_of_the_other_library() {
    check_open(
        "5A 30 30 02 41 41 1B 20 62 57 49 4E 44 4F 57 20 33",
        "write-text",
        &held("WINDOW 3"),
    );
}

#[test]
fn frame_16_red_text_that_rotates() {
    let params = json!({
        "label": "A", "position": "fill", "mode": "rotate", "text": "{red}NOW SERVING A012",
    });
    check_open(
        "5A 30 30 02 41 41 1B 30 61 1C 31 4E 4F 57 20 53 45 52 56 49 4E 47 20 41 30 31 32",
        "write-text",
        &params,
    );
}

#[test]
fn frame_17_clear_memory() {
    check_open("5A 30 30 02 45 24", "clear-memory", &json!({}));
}

#[test]
fn frame_18_release_of_the_priority_file() {
    check_open("5A 30 30 02 41 30", "release-priority", &json!({}));
}

#[test]
fn the_sheets_other_functions_have_the_bytes_of_its_table() {
    let listed: [(&str, Value, &str); 11] = [
        ("set-speaker", json!({"speaker": "on"}), "E!00"),
        ("set-speaker", json!({"speaker": "off"}), "E!FF"),
        ("sound", json!({"sound": "long-beep"}), "E(0"),
        ("sound", json!({"sound": "three-beeps"}), "E(1"),
        (
            "set-run-time",
            json!({"label": "A", "start": "08:30", "stop": "17:30"}),
            "E)A3369",
        ),
        ("clear-serial-errors", json!({}), "E4"),
        ("set-address", json!({"address": "1F"}), "E71F"),
        ("set-date", json!({"date": "26-03-09"}), "E;030926"),
        ("set-answers", json!({"answers": "on"}), "Es1"),
        ("read-function", json!({"function": "$"}), "F$"),
        ("read-small-dots", json!({"label": "P"}), "JP"),
    ];
    for (command, params, data) in listed {
        let wire = encode(command, &params, &json!({"check": "none"})).expect(command);
        let expected = format!("\0\0\0\0\0\u{1}Z00\u{2}{data}\u{4}");
        assert_eq!(wire.bytes, expected.as_bytes(), "{command}");
        let document = decode(&wire.bytes, None).expect(command);
        assert_eq!(
            (&document["command"], &document["params"]),
            (&json!(command), &params)
        );
    }
}

#[test]
fn what_a_sign_answers_to_a_read_is_a_packet_of_its_own_type() {
    let listed = format!(
        "{} 01 30 30 30 02 47 53 42 30 30 37 03 30 31 37 38 04",
        "00".repeat(20)
    );
    let document = decode(&bytes(&listed), None).expect("a sound answer");
    assert_eq!(document["command"], "write-string");
    assert_eq!(
        document["header"],
        json!({"nuls": 20, "type": "response", "address": "00", "check": "sum"})
    );
    let params = json!({"label": "S", "text": "B007"});
    let answer = encode("write-string", &params, &json!({"type": "response"}));
    assert_eq!(answer.expect("a sign's answer").bytes, bytes(&listed));
}
