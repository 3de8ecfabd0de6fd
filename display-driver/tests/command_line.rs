//! `encode`, `decode` and `commands` as a person runs them: what is on standard output, what on
//! standard error, and the exit code, the same for every protocol.

use std::process::{Command, Output};

use serde_json::{Value, json};

fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_display-driver"))
        .args(args)
        .output()
        .expect("the program starts")
}

/// Standard output without the last line end, standard error, exit code.
fn told(args: &[&str]) -> (String, String, i32) {
    let output = run(args);
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    let code = output.status.code().expect("an exit code");
    (
        text(output.stdout).trim_end().to_owned(),
        text(output.stderr),
        code,
    )
}

#[test]
fn what_is_encoded_decodes_in_every_protocol() {
    for (protocol, command, params, header) in [
        ("onbon-k", "power", json!({"state": 1}), json!({"dst": 2})),
        (
            "alpha",
            "read-text",
            json!({"label": "A"}),
            json!({"type": "betabrite"}),
        ),
    ] {
        let (params_text, header_text) = (params.to_string(), header.to_string());
        let (hex, silent, code) = told(&[
            "encode",
            protocol,
            command,
            "--params",
            &params_text,
            "--header",
            &header_text,
        ]);
        assert_eq!((silent.as_str(), code), ("", 0), "{protocol}");
        let (document, silent, code) = told(&["decode", protocol, &hex, "--from", "host"]);
        assert_eq!((silent.as_str(), code), ("", 0), "{protocol}");
        let document: Value = serde_json::from_str(&document).expect("one JSON document");
        assert_eq!(document["family"], protocol);
        assert_eq!(document["command"], command);
        for (key, value) in params.as_object().expect("an object") {
            assert_eq!(&document["params"][key], value);
        }
    }
}

#[test]
fn a_frame_that_does_not_hold_is_a_document_with_error_and_offset() {
    for (protocol, hex, offset) in [
        ("onbon-k", "a5a5", 2),
        ("alpha", "00 01 5A 30 30 02 42 41 03 30 30 38 39 04", 9),
        ("alpha", "xy", 0),
    ] {
        let (document, silent, code) = told(&["decode", protocol, hex]);
        assert_eq!((silent.as_str(), code), ("", 1), "{protocol} {hex}");
        let document: Value = serde_json::from_str(&document).expect("one JSON document");
        assert_eq!(document["offset"], offset);
        assert!(document["error"].is_string());
    }
}

#[test]
fn refusals_end_with_1_and_wrong_usage_with_2_and_leave_standard_output_empty() {
    for (args, expected) in [
        (
            &[
                "encode",
                "alpha",
                "set-time",
                "--params",
                r#"{"time":"25:00"}"#,
            ][..],
            1,
        ),
        (
            &[
                "encode",
                "alpha",
                "soft-reset",
                "--header",
                r#"{"address":"1"}"#,
            ],
            1,
        ),
        (&["encode", "onbon-k", "power", "--params", "{}"], 1),
        (&["encode", "alpha", "power"], 2),
        (&["encode", "alpha", "soft-reset", "--params", "{"], 2),
        (&["encode", "beta", "power"], 2),
        (&["decode", "beta", "00"], 2),
        (&["commands", "beta"], 2),
    ] {
        let (out, sentence, code) = told(args);
        assert_eq!((out.as_str(), code), ("", expected), "{args:?}");
        assert!(
            sentence.chars().any(|it| it > '\u{4E00}'),
            "{args:?}: {sentence}"
        );
    }
}

#[test]
fn the_pauses_of_a_packet_are_told_beside_it() {
    let params = r#"{"label":"P","rows":["R.G",".A."]}"#;
    let (hex, note, code) = told(&["encode", "alpha", "write-small-dots", "--params", params]);
    assert_eq!(code, 0);
    assert!(hex.starts_with("0000000000015a3030024950") && !hex.contains('\n'));
    assert!(
        note.contains("第 16 个字节") && note.contains("100 毫秒"),
        "{note}"
    );
}

#[test]
fn every_listed_example_of_every_protocol_encodes() {
    for protocol in ["onbon-k", "alpha"] {
        let (list, _, code) = told(&["commands", protocol]);
        assert_eq!(code, 0);
        assert_eq!(list, told(&["encode", protocol, "--list"]).0);
        let lines: Vec<_> = list.lines().collect();
        for pair in lines.chunks(2) {
            let command = pair[0].split("  ").next().expect("a name");
            let params = pair[1]
                .trim()
                .trim_start_matches("--params '")
                .trim_end_matches('\'');
            let (hex, _, code) = told(&["encode", protocol, command, "--params", params]);
            assert!(code == 0 && !hex.is_empty(), "{protocol} {command}");
        }
    }
}
