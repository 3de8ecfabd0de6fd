//! Every worked frame of the sheet `onbon-bx.md` A6, both ways: the parameters encode to the printed
//! bytes, the bytes decode to the parameters.

use serde_json::{Value, json};

use super::decoder::FrameError;
use super::document::{DecodeError, decode, encode};

fn bytes(lead: usize, printed: &str) -> Vec<u8> {
    let digits: String = printed.chars().filter(char::is_ascii_hexdigit).collect();
    let mut bytes = vec![0xA5; lead];
    bytes.extend(hex::decode(digits).expect("the sheet prints hex"));
    bytes.push(0x5A);
    bytes
}

/// Encodes `params` under the `header` fields that are not usual, compares, and goes back.
fn check(printed: &[u8], command: &str, header: &Value, params: &Value) {
    let encoded = encode(command, params, header).expect("worked frames encode");
    assert_eq!(hex::encode(&encoded), hex::encode(printed));
    let document = decode(printed, None).expect("worked frames decode");
    assert_eq!(document["command"], command);
    for (given, part) in [(header, "header"), (params, "params")] {
        for (key, value) in given.as_object().expect("an object") {
            assert_eq!(&document[part][key], value, "{part}.{key}");
        }
    }
    let again = encode(command, &document["params"], &document["header"]);
    assert_eq!(again.expect("decoded documents encode"), printed);
}

fn check_simple(printed: &str, command: &str, params: &Value) {
    check(
        &bytes(8, printed),
        command,
        &json!({"dst": 1, "src": 0x8000}),
        params,
    );
}

#[test]
fn frame_1_ping() {
    check_simple(
        "01 00 00 80 00 00 00 00 00 00 FE 02 05 00 | A2 00 01 00 00 | 68 F8",
        "ping",
        &json!({}),
    );
}

#[test]
fn frame_2_query_status() {
    check_simple(
        "01 00 00 80 00 00 00 00 00 00 FE 02 05 00 | A1 02 01 00 00 | 2D 40",
        "query-status",
        &json!({}),
    );
}

#[test]
fn frame_3_clear_screen() {
    check_simple(
        "01 00 00 80 00 00 00 00 00 00 FE 02 05 00 | A3 10 01 00 00 | 51 F8",
        "clear-screen",
        &json!({}),
    );
}

#[test]
fn frame_4_set_clock_with_a_count_in_the_reserved_bytes() {
    check_simple(
        "01 00 00 80 00 00 00 00 00 00 FE 02 0D 00 | A2 03 01 08 00 | 13 20 01 25 11 17 26 05 | B0 3F",
        "set-clock",
        &json!({"reserved": [8, 0], "clock": {"time": "2013-01-25 11:17:26", "weekday": 5}}),
    );
}

#[test]
fn frame_5_dynamic_area_to_the_answered_broadcast() {
    let printed = bytes(
        8,
        "FE FF 00 80 00 00 00 00 00 00 FE 02 2C 00 | A3 06 01 00 00 | 00 01 | 23 00 | 00 | 00 80 |
         00 00 | 80 80 | 20 00 | 00 00 00 | 0A 00 | 00 00 00 02 01 01 00 02 0A | 08 00 00 00 |
         BB B6 D3 AD B9 E2 C1 D9 | 3C 49",
    );
    let params = json!({"process_mode": 0, "delete": "none", "areas": [{
        "area_type": 0, "x": {"px": 0}, "y": 0, "width": {"px": 128}, "height": 32, "id": 0,
        "line_spacing": 0, "run_mode": 0, "timeout_s": 10, "sound": null, "extension": "",
        "alignment": 0, "lines": 2, "wrap": 1, "display_mode": 1, "exit_mode": 0, "speed": 2,
        "stay_half_s": 10, "text": "欢迎光临",
    }]});
    check(&printed, "dynamic-area", &json!({"dst": 0xFFFE}), &params);
}

const FRAME_6: &str = "01 00 00 80 00 00 00 00 00 00 FE 02 32 00 | A3 06 01 2D 00 | 00 01 | 29 00 |
     00 00 00 00 00 18 00 20 00 00 00 00 02 00 00 00 00 02 02 03 00 04 05 0E 00 00 00 |
     30 31 32 33 34 35 51 52 53 54 54 56 27 42 | A8 7D";

#[test]
fn frame_6_dynamic_area_in_bytes_of_eight_pixels() {
    let params = json!({"process_mode": 0x2D, "delete": "none", "areas": [{
        "area_type": 0, "x": {"bytes": 0}, "y": 0, "width": {"bytes": 24}, "height": 32, "id": 0,
        "line_spacing": 0, "run_mode": 0, "timeout_s": 2, "sound": null, "extension": "",
        "alignment": 0, "lines": 2, "wrap": 2, "display_mode": 3, "exit_mode": 0, "speed": 4,
        "stay_half_s": 5, "text": "012345QRSTTV'B",
    }]});
    check_simple(FRAME_6, "dynamic-area", &params);
}

#[test]
fn the_dealers_edited_frame_with_the_old_crc_is_refused() {
    let edited = bytes(8, &FRAME_6.replacen("00 18 00 20 00", "00 80 00 20 00", 1));
    assert_ne!(edited, bytes(8, FRAME_6));
    match decode(&edited, None) {
        Err(DecodeError::Frame(FrameError::CheckMismatch {
            expected,
            got,
            offset,
        })) => {
            assert_eq!(
                (expected.to_le_bytes(), got.to_le_bytes()),
                ([0xBD, 0x6F], [0xA8, 0x7D])
            );
            assert_eq!(offset, edited.len() as u64 - 3);
        }
        other => panic!("expected a check mismatch, got {other:?}"),
    }
}

#[test]
fn frame_7_begin_file() {
    let printed = "FE FF 00 80 00 00 00 00 00 00 FE 02 0E 00 | A1 05 01 00 00 | 01 | 50 30 30 30 | 47 00 00 00 | 48 14";
    let params = json!({"overwrite": 1, "name": "P000", "length": 71});
    check(
        &bytes(8, printed),
        "begin-file",
        &json!({"dst": 0xFFFE}),
        &params,
    );
}

#[test]
fn frame_8_file_block() {
    let file =
        "00 50 30 30 30 47 00 00 00 FF 00 00 01 FF FF FF FF FF FF FF FF 01 00 00 01 | 2C 00 00 00 |
         00 00 80 00 00 80 80 20 00 FF 00 00 00 00 00 00 00 02 02 02 00 0A 0A 0D 00 00 00
         BB B6 D3 AD B9 E2 C1 D9 4F 6E 62 6F 6E | 0F 18";
    let printed = format!(
        "FE FF 00 80 00 00 00 00 00 00 FE 02 59 00 | A1 06 01 00 00 |
         50 30 30 30 01 00 00 47 00 00 00 00 00 | {file} | EC F0"
    );
    let data: String = file.chars().filter(char::is_ascii_hexdigit).collect();
    let params = json!({
        "name": "P000", "last": 1, "block_no": 0, "block_addr": 0, "data": data.to_lowercase(),
    });
    check(
        &bytes(8, &printed),
        "file-block",
        &json!({"dst": 0xFFFE}),
        &params,
    );
}

#[test]
fn frame_9_lock_program() {
    check_simple(
        "01 00 00 80 00 00 00 00 00 00 FE 02 0B 00 | A3 04 01 00 00 | 00 01 50 30 30 30 | C2 40",
        "lock-program",
        &json!({"store": 0, "lock": 1, "name": "P000"}),
    );
}

#[test]
fn frame_10_ack_with_nine_start_bytes() {
    let printed = "00 80 FE FF 00 00 00 00 00 00 FE 02 05 00 | A0 00 00 00 00 | 14 AC";
    check(
        &bytes(9, printed),
        "ack",
        &json!({"src": 0xFFFE}),
        &json!({"error": 0}),
    );
}

#[test]
fn frame_11_nack_with_error_5() {
    let printed = "00 80 FE FF 00 00 00 00 00 00 FE 02 05 00 | A0 01 05 00 00 | 05 51";
    check(
        &bytes(9, printed),
        "nack",
        &json!({"src": 0xFFFE}),
        &json!({"error": 5}),
    );
}

#[test]
fn frame_12_every_special_byte_in_the_text_is_escaped() {
    let printed = bytes(
        8,
        "01 00 00 80 00 00 00 00 00 00 FE 02 29 00 | A3 06 01 00 00 00 01 20 00 00 00 80 00 00 40
         80 10 00 00 00 00 00 00 00 00 00 02 01 01 00 00 00 05 00 00 00 |
         41 5B 02 5B 01 A6 02 A6 01 | A1 EF",
    );
    let params = json!({"areas": [{
        "area_type": 0, "x": {"px": 0}, "y": 0, "width": {"px": 64}, "height": 16, "id": 0,
        "line_spacing": 0, "run_mode": 0, "timeout_s": 0, "sound": null, "extension": "",
        "alignment": 0, "lines": 2, "wrap": 1, "display_mode": 1, "exit_mode": 0, "speed": 0,
        "stay_half_s": 0, "text": "AZ[ウ",
    }]});
    check(
        &printed,
        "dynamic-area",
        &json!({"data_len": 0x29}),
        &params,
    );
}

#[test]
fn frame_13_a_typical_call() {
    let printed =
        "01 00 00 80 00 00 00 00 00 00 FE 02 3E 00 | A3 06 01 00 00 00 01 35 00 00 00 80 00 00
         C0 80 10 00 00 00 00 00 00 00 00 00 01 01 01 00 00 0A 1A 00 00 00 |
         5C 46 4F 30 30 30 5C 43 31 C7 EB 41 30 31 32 BA C5 B5 BD 33 BA C5 B4 B0 BF DA | D7 31";
    let params = json!({"areas": [{
        "area_type": 0, "x": {"px": 0}, "y": 0, "width": {"px": 192}, "height": 16, "id": 0,
        "line_spacing": 0, "run_mode": 0, "timeout_s": 0, "sound": null, "extension": "",
        "alignment": 0, "lines": 1, "wrap": 1, "display_mode": 1, "exit_mode": 0, "speed": 0,
        "stay_half_s": 10, "text": r"\FO000\C1请A012号到3号窗口",
    }]});
    check_simple(printed, "dynamic-area", &params);
}

#[test]
fn frames_14_power_brightness_and_the_silent_broadcast_clock() {
    let head = "01 00 00 80 00 00 00 00 00 00 FE 02";
    let power = |tail: &str| format!("{head} 06 00 | A3 00 01 00 00 {tail}");
    check_simple(&power("01 | 79 EA"), "power", &json!({"state": 1}));
    check_simple(&power("02 | 39 EB"), "power", &json!({"state": 2}));
    check_simple(
        &format!("{head} 07 00 | A3 02 01 00 00 01 08 | 26 56"),
        "brightness",
        &json!({"level": 8}),
    );
    let clock = "FF FF 00 80 00 00 00 00 00 00 FE 02 0D 00 | A2 03 02 00 00 26 20 03 09 08 30 00 01 | 58 01";
    let params = json!({"answer": 2, "clock": {"time": "2026-03-09 08:30:00", "weekday": 1}});
    check(
        &bytes(8, clock),
        "set-clock",
        &json!({"dst": 0xFFFF}),
        &params,
    );
}

#[test]
fn frame_15_status_reply() {
    let printed = format!(
        "00 80 01 00 00 00 00 00 00 00 FE 02 34 00 | A1 02 00 00 00 |
         01 0F 26 20 03 09 01 08 30 00 01 50 30 30 30 00 00 01 00 | {} | 11 CA",
        "00".repeat(28)
    );
    let params = json!({
        "error": 0, "power": 1, "brightness": 15, "programs": 1, "current_program": "P000",
        "clock": {"time": "2026-03-09 08:30:00", "weekday": 1}, "dynamic_ids": [0],
        "special_area": 0, "special_pages": 0, "bar_code": "00".repeat(16),
        "custom_net_id": "00".repeat(12),
    });
    check(
        &bytes(8, &printed),
        "status-reply",
        &json!({"dst": 0x8000, "src": 1}),
        &params,
    );
}
