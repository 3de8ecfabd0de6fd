//! Documents of frames and programs, both ways, and what is refused.

use super::super::examples::examples;
use super::*;

fn example(command: &str) -> Vec<u8> {
    encode(command, &Value::Null, &Value::Null).expect("a command without parameters")
}

fn reencode(document: &Value) -> Vec<u8> {
    let command = document["command"].as_str().expect("a command name");
    encode(command, &document["params"], &document["header"]).expect("decoded documents encode")
}

#[test]
fn every_listed_example_encodes_and_comes_back_as_the_same_document() {
    for (name, _, params) in examples() {
        let bytes = encode(&name, &params, &Value::Null).unwrap_or_else(|e| panic!("{name}: {e}"));
        let document = decode(&bytes, None).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(document["command"], name);
        for (key, value) in params.as_object().expect("an object") {
            assert_eq!(&document["params"][key], value, "{name}.{key}");
        }
        assert_eq!(reencode(&document), bytes, "{name}");
    }
}

#[test]
fn every_header_field_is_written_as_given_and_read_back() {
    let header = json!({
        "lead": 3, "dst": 258, "src": 32769, "reserved": [255, 1, 2], "bar_code_option": 3,
        "bar_code": "000102030405060708090a0b0c0d0e0f", "check_mode": 1, "display_mode": 1,
        "device_type": 97, "protocol_version": 3, "data_len": 5,
    });
    let bytes = encode("ping", &Value::Null, &header).expect("a good header");
    assert_eq!(
        decode(&bytes, None).expect("a sound frame")["header"],
        header
    );
}

#[test]
fn half_hour_levels_are_forty_eight_and_no_other_number_is_too_long() {
    let encoded = |count: usize| {
        let params = json!({"half_hours": vec![7; count]});
        encode("brightness", &params, &Value::Null)
    };
    assert!(encoded(48).is_ok());
    for got in [0, 47, 49] {
        let refused = encoded(got);
        assert!(
            matches!(refused, Err(EncodeError::Levels { got: told }) if told == got),
            "{refused:?}"
        );
    }
}

#[test]
fn a_program_is_its_file_and_comes_back_with_the_kind_of_length_it_had() {
    let area = json!({
        "x": {"px": 0}, "y": 0, "width": {"px": 192}, "height": 32, "id": 255, "lines": 2,
        "wrap": 2, "display_mode": 2, "text": "欢迎光临",
    });
    for kind in ["includes-itself", "area-only"] {
        let params = json!({
            "name": "P003", "week": 62, "period": "083000173000", "timed": 1,
            "area_length": kind, "areas": [area],
        });
        let file = encode(PROGRAM, &params, &Value::Null).expect("a program");
        let document = decode(&file, None).expect("a file");
        assert_eq!(document["command"], PROGRAM);
        for (key, value) in params.as_object().expect("an object") {
            let read = &document["params"][key];
            assert!(key == "areas" || read == value, "{key}: {read}");
        }
        let again = encode(PROGRAM, &document["params"], &Value::Null);
        assert_eq!(again.expect("what was decoded"), file);
        let mut broken = file.clone();
        broken[9] ^= 1;
        assert!(matches!(
            decode(&broken, None),
            Err(DecodeError::Program(_))
        ));
    }
    let headed = encode(
        PROGRAM,
        &json!({"name": "P000", "areas": []}),
        &json!({"dst": 1}),
    );
    assert!(matches!(headed, Err(EncodeError::FileHeader)));
}

#[test]
fn a_wrong_length_or_check_can_be_written_on_purpose_and_is_refused_when_read() {
    for header in [json!({"data_len": 6}), json!({"check": 0})] {
        let bytes = encode("ping", &Value::Null, &header).expect("a good header");
        assert!(
            matches!(decode(&bytes, None), Err(DecodeError::Frame(_))),
            "{header}"
        );
    }
}

#[test]
fn an_unchecked_frame_keeps_its_check_bytes() {
    let header = json!({"check_mode": 2, "check": 4660});
    let bytes = encode("ping", &Value::Null, &header).expect("a good header");
    assert_eq!(
        reencode(&decode(&bytes, None).expect("mode 2 takes anything")),
        bytes
    );
}

#[test]
fn an_unlisted_or_very_short_command_is_unknown_and_keeps_its_bytes() {
    for data in ["a401010000aa", "", "a2", "a2000100", "a302010000030405"] {
        let bytes = encode(UNKNOWN, &json!({"data": data}), &Value::Null).expect("any data");
        let document = decode(&bytes, None).expect("a sound frame");
        assert_eq!(
            (&document["command"], &document["params"]),
            (&json!(UNKNOWN), &json!({"data": data}))
        );
        assert_eq!(reencode(&document), bytes);
    }
}

#[test]
fn bytes_around_a_frame_and_half_a_frame_are_faults_with_their_place() {
    let ping = example("ping");
    let end = ping.len() as u64;
    assert_eq!(
        decode(&[], None),
        Err(DecodeError::Incomplete { offset: 0 })
    );
    assert_eq!(
        decode(&ping[..20], None),
        Err(DecodeError::Incomplete { offset: 20 })
    );
    let before = [&[1, 2][..], &ping].concat();
    assert_eq!(
        decode(&before, None),
        Err(DecodeError::Outside { offset: 0 })
    );
    let behind = [&ping[..], &[1]].concat();
    assert_eq!(
        decode(&behind, None),
        Err(DecodeError::Outside { offset: end })
    );
}

#[test]
fn inner_lengths_that_do_not_hold_are_faults_although_the_check_is_right() {
    let data = "a306010000000124000000800000c080100000000000000000000001010100000a0000000041";
    let bytes = encode(UNKNOWN, &json!({"data": data}), &Value::Null).expect("any data");
    assert!(matches!(
        decode(&bytes, None),
        Err(DecodeError::Payload { .. })
    ));
    let left_over = encode(UNKNOWN, &json!({"data": "a20001000077"}), &Value::Null);
    let fault = decode(&left_over.expect("any data"), None);
    assert_eq!(fault.map_err(|fault| fault.offset()), Err(8 + 14 + 5));
}

#[test]
fn misspelt_and_overlong_fields_are_refused() {
    let refused = |name: &str, params: Value| encode(name, &params, &Value::Null).is_err();
    assert!(refused("ping", json!({"anwser": 1})));
    assert!(refused("power", json!({})));
    assert!(refused("power", json!({"state": 256})));
    assert!(refused("pong", json!({})));
    assert!(refused(
        "dynamic-area",
        json!({"delete": {"ids": vec![1; 300]}})
    ));
    assert!(encode("ping", &Value::Null, &json!({"check_mode": 3})).is_err());
}

#[test]
fn the_side_can_be_told_where_addresses_are_silent() {
    let header = json!({"dst": 32768, "src": 32768});
    let bytes = encode("query-status", &Value::Null, &header).expect("a good header");
    assert_eq!(
        decode(&bytes, Some(Side::Host)).expect("a request")["command"],
        "query-status"
    );
    assert!(decode(&bytes, Some(Side::Board)).is_err());
}
