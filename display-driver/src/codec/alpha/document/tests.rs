//! Documents both ways: what is listed comes back, what a sign would not take is refused.

use super::*;
use crate::codec::alpha::decoder::PacketError;
use crate::codec::alpha::examples::examples;

fn wire(command: &str, params: &Value) -> Vec<u8> {
    encode(command, params, &Value::Null)
        .expect("a good command")
        .bytes
}

fn reencode(document: &Value) -> Vec<u8> {
    let command = document["command"].as_str().expect("a command name");
    let wire = encode(command, &document["params"], &document["header"]);
    wire.expect("decoded documents encode").bytes
}

fn refused(command: &str, params: &Value) -> EncodeError {
    encode(command, params, &Value::Null).expect_err(command)
}

#[test]
fn every_listed_example_encodes_and_comes_back_as_the_same_document() {
    for (name, _, params) in examples() {
        let bytes = wire(&name, &params);
        let document = decode(&bytes, None).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(document["command"], name);
        if name != SEVERAL {
            assert_eq!(document["params"], params, "{name}");
        }
        assert_eq!(reencode(&document), bytes, "{name}");
    }
}

#[test]
fn every_header_field_is_written_as_given_and_read_back() {
    for check in ["none", "etx", "sum"] {
        let header = json!({"nuls": 7, "type": "betabrite", "address": "?1", "check": check});
        let wire = encode("soft-reset", &Value::Null, &header).expect("a good header");
        let document = decode(&wire.bytes, None).expect("a sound packet");
        assert_eq!(document["header"], header);
    }
}

#[test]
fn a_wrong_checksum_can_be_written_on_purpose_and_is_refused_when_read() {
    let header = json!({"checksum": "1234"});
    let wire = encode("soft-reset", &Value::Null, &header).expect("a good header");
    let (expected, got, offset) = (0x0076, 0x1234, wire.bytes.len() as u64 - 5);
    let fault = PacketError::ChecksumMismatch {
        expected,
        got,
        offset,
    };
    assert_eq!(decode(&wire.bytes, None), Err(DecodeError::Packet(fault)));
    let header = json!({"checksum": "1234", "check": "etx"});
    let none = encode("soft-reset", &Value::Null, &header);
    assert!(matches!(none, Err(EncodeError::NoChecksum)));
}

#[test]
fn each_command_of_several_has_its_own_check_and_only_the_last_may_go_without_03() {
    let command = |check: &str| json!({"command": "soft-reset", "check": check});
    let params = |checks: &[&str]| {
        let commands: Vec<_> = checks.iter().map(|check| command(check)).collect();
        json!({"commands": commands})
    };
    let bytes = wire(SEVERAL, &params(&["sum", "etx", "none"]));
    assert_eq!(bytes[6..], *b"Z00\x02E,\x030076\x02E,\x03\x02E,\x04");
    assert_eq!(
        reencode(&decode(&bytes, None).expect("a sound packet")),
        bytes
    );
    let refused = refused(SEVERAL, &params(&["none", "sum"]));
    assert!(matches!(refused, EncodeError::OpenInside));
}

#[test]
fn a_sound_is_the_last_command_or_refused_both_ways() {
    let sound = json!({"command": "sound", "params": {"sound": "long-beep"}});
    let reset = json!({"command": "soft-reset"});
    wire(SEVERAL, &json!({"commands": [reset, sound]}));
    let early = refused(SEVERAL, &json!({"commands": [sound, reset]}));
    assert!(matches!(early, EncodeError::SoundNotLast));
    let decoded = decode(b"\x01Z00\x02E(0\x03\x02E,\x04", None);
    assert_eq!(decoded, Err(DecodeError::SoundNotLast { offset: 9 }));
}

#[test]
fn several_within_several_and_answers_within_are_no_commands() {
    for inner in [SEVERAL, ACK, NAK, "pong"] {
        let refused = refused(SEVERAL, &json!({"commands": [{"command": inner}]}));
        assert!(matches!(refused, EncodeError::UnknownCommand(_)), "{inner}");
    }
}

#[test]
fn an_unlisted_command_keeps_its_bytes() {
    // Dimming, counters, the run day table, run lengths, a text without position, no data.
    let runs = "4d5030303031303030331130323131";
    for data in ["452f", "4535", "4532413137", runs, "4141", ""] {
        let bytes = wire(UNKNOWN, &json!({"data": data}));
        let document = decode(&bytes, None).expect("a sound packet");
        assert_eq!(document["command"], UNKNOWN);
        assert_eq!(document["params"], json!({"data": data}));
        assert_eq!(reencode(&document), bytes);
    }
}

#[test]
fn what_a_sign_would_not_take_is_refused() {
    let text = |label: &str, text: String| json!({"label": label, "position": "fill", "mode": "hold", "text": text});
    let long = "x".repeat(126);
    let payload =
        |command: &str, params: Value| matches!(refused(command, &params), EncodeError::Payload(_));
    assert!(payload("write-text", text("0", long.clone())));
    wire("write-text", &text("A", long.clone()));
    assert!(payload("write-string", json!({"label": "S", "text": long})));
    assert!(payload(
        "write-string",
        json!({"label": "S", "text": "{rainbow-1}x"})
    ));
    let sequence =
        |count| json!({"order": "by-time", "keyboard": "locked", "labels": "A".repeat(count)});
    assert!(payload("set-run-sequence", sequence(129)));
    wire("set-run-sequence", &sequence(128));
    let empty = refused("configure-memory", &json!({"files": []}));
    assert!(matches!(empty, EncodeError::EmptyList));
    assert!(matches!(
        refused(SEVERAL, &json!({"commands": []})),
        EncodeError::EmptyList
    ));
}

#[test]
fn misspelt_fields_and_values_outside_their_lists_are_refused() {
    let params =
        |command: &str, params: Value| matches!(refused(command, &params), EncodeError::Params(_));
    assert!(params("set-time", json!({"time": "25:00"})));
    assert!(params("set-time", json!({"tmie": "12:00"})));
    assert!(params("read-text", json!({"label": "?"})));
    assert!(params("read-text", json!({"label": "AB"})));
    assert!(params("soft-reset", json!({"hard": true})));
    assert!(params("write-string", json!({"label": "S", "text": "请"})));
    let tone = |duration: u8| json!({"sound": {"tone": {"frequency": 1, "duration": duration, "repeat": 1}}});
    assert!(params("sound", tone(16)));
    let header = encode("soft-reset", &Value::Null, &json!({"address": "1"}));
    assert!(matches!(header, Err(EncodeError::Header(_))));
}

#[test]
fn bytes_around_a_packet_and_half_a_packet_are_faults_with_their_place() {
    let reset = wire("soft-reset", &Value::Null);
    let end = reset.len() as u64;
    let fault = |bytes: &[u8]| decode(bytes, None).expect_err("no packet");
    assert_eq!(fault(&[]), DecodeError::Incomplete { offset: 0 });
    assert_eq!(fault(&[0, 0]), DecodeError::Incomplete { offset: 2 });
    assert_eq!(fault(&reset[..9]), DecodeError::Incomplete { offset: 9 });
    assert_eq!(
        fault(&[&b"x"[..], &reset].concat()),
        DecodeError::Outside { offset: 0 }
    );
    assert_eq!(
        fault(&[&reset, &b"x"[..]].concat()),
        DecodeError::Outside { offset: end }
    );
}

#[test]
fn the_side_can_be_asked_for_and_has_to_fit() {
    let reset = wire("soft-reset", &Value::Null);
    assert!(decode(&reset, Some(Side::Host)).is_ok());
    let other = decode(&reset, Some(Side::Board));
    assert_eq!(other, Err(DecodeError::OtherSide(Side::Board)));
    for answer in [&b"\x06\x40"[..], b"\x15\x50", b"\x01000\x02GS1\x04"] {
        assert!(decode(answer, Some(Side::Board)).is_ok(), "{answer:?}");
        let other = decode(answer, Some(Side::Host));
        assert_eq!(other, Err(DecodeError::OtherSide(Side::Host)));
    }
}

#[test]
fn a_listed_command_with_wrong_data_is_a_fault_at_its_place() {
    let fault = |data: &str| {
        let bytes = wire(UNKNOWN, &json!({"data": hex::encode(data)}));
        decode(&bytes, None).map_err(|fault| fault.offset() - 10)
    };
    assert_eq!(fault("E 2400").err(), Some(2));
    assert_eq!(fault("E 12000").err(), Some(6));
    assert_eq!(fault("E!0F").err(), Some(2));
    assert_eq!(fault("AA\u{1B} d").err(), Some(4));
    assert_eq!(fault("AA\u{1B} bx\u{5}").err(), Some(6));
    assert_eq!(fault("IP0101").err(), Some(6));
}
